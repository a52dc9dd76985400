"""Sets one text in a process of its own: JSON comes in, a PDF goes out.

Run by ``services.pdf_of``, never imported. However the text is made, it can take neither more
time nor more memory than this process is allowed, and can bring down nothing else.
"""

import json
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

HERE = Path(__file__).resolve().parent
SECONDS, BYTES = 60, 3 * 1024**3


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    order = json.load(sys.stdin)
    page = (HERE / "page.typ").read_text()
    with TemporaryDirectory() as nothing:  # the only files in reach: none
        pdf = typst.compile(
            (page + "\n" + order["body"]).encode(),
            root=nothing,
            package_path=nothing,
            package_cache_path=nothing,
            font_paths=[str(HERE.parent / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"said": json.dumps(order["said"])},
            pdf_standards=["a-2b"] if order["said"]["on"] else [],  # an archive asks for a date
            timestamp=0,
        )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
