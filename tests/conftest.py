"""What every test may ask for. The fixtures stand in the plugins named here, one subject each."""

pytest_plugins = ["tests.no_skips", "tests.no_outside", "tests.compiled_once", "tests.databases"]
