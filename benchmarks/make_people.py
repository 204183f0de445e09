"""Write an invented ministry of any size to a folder, as unit.csv and pegawai.csv.

python -m benchmarks.make_people 80000 /tmp/office
"""

import sys
from pathlib import Path

from kinerja.services.simulating.people import make_people, nip_of, write_people

__all__ = ["make_people", "nip_of", "write_people"]

if __name__ == "__main__":
    for written in write_people(
        Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    ):
        print(written)
