"""The examiner's own pages, and the photos."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from silian.education.judging import policy
from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.files import services as files
from silian.kernel.http import PublicRequest, Request
