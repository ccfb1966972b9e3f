"""Backups: sealed sets in a folder, made while Recorder runs and read back before they count.

    DIR/
      sets/20261122T042500Z-1a2b3c4d/
        manifest.txt     what the set is, signed                     manifest.py
        rows.age         every table, sealed to the team             rows.py
        after.age        what had been erased when it was finished   read.py
        blobs.sha256     the blobs it needs, as sha256sum reads them pool.py
        wrappers.json    the root key under its wrappers
        checkpoint.txt   the audit log at that moment, signed
      blobs/ab/cdef...   sealed recordings, each once for all sets   pool.py

`folder.py` knows what lies in DIR, `keep.py` makes sets and removes those that have expired,
`write.py` writes one, `read.py` opens one and says whether it is whole, `restore.py` fills an empty
store from it, `examine.py` opens everything in a store.
"""
