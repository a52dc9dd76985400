import pytest
from django.test import Client
from django.urls import reverse

from silian.kernel.accounts.tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_preview_obeys_nothing(client: Client) -> None:
    address = reverse("documents:preview")
    assert client.post(address, {"text": "x"}).status_code == 302  # to the sign-in page
    client.force_login(make_user())
    page = client.post(address, {"text": "**重** <script>x</script>"})
    assert "<strong>重</strong>" in page.text
    assert "<script>" not in page.text
    assert client.get(address).status_code == 405
