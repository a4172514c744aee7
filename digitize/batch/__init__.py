"""Many pictures: local processes or a Dask cluster, resumable."""
