"""The clock that tests move and apps follow, and waiting until the app has nothing left to do."""
