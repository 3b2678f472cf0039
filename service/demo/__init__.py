"""The demo: an invented newsroom on this machine, with its pages, its desk and its mails.

`python -m service.demo` (what `make demo` calls) starts the service as `tuzet up` does, and beside
it, on a port of its own, the newsroom: so its pages report across origins, as real sites do.
"""
