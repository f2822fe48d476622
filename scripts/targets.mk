# What people type: demo, run, test, check, coverage, format, bench, install.
.PHONY: clean
clean:
	rm -rf build
