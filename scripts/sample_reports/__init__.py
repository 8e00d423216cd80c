"""The makers of sample-reports/: one module per kind of sample, run by scripts/make-sample-reports."""
