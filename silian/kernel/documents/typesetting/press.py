"""Sets one text in a process of its own: JSON comes in, a PDF (or a picture) goes out.

Run by ``services.pdf_of`` and ``services.sheet_of``, never imported. However the text is made, it
can take neither more time nor more memory than this process is allowed, and can bring down nothing
else.
"""

import json
import resource
import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

HERE = Path(__file__).resolve().parent
SECONDS, BYTES = 60, 3 * 1024**3


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    order = json.load(sys.stdin)
    page = order.get("layout") or (HERE / "page.typ").read_text()
    with TemporaryDirectory() as folder:  # the only files in reach: pictures that were handed over
        for name, content in order.get("pictures", {}).items():
            (Path(folder) / name).write_bytes(b64decode(content))
        made = typst.compile(
            (page + "\n" + order["body"]).encode(),
            root=folder,
            package_path=folder,
            package_cache_path=folder,
            font_paths=[str(HERE.parent / "fonts")],
            ignore_system_fonts=True,
            format=order.get("form", "pdf"),
            sys_inputs={"said": json.dumps(order["said"])},
            # an archive asks for a date
            pdf_standards=["a-2b"] if order["said"].get("on") else [],
            timestamp=0,
        )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
