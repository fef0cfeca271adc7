"""The simulator: plays a plan many times, with people and lines as they are, and says who would have waited.

Pure: no database, no web, no clock. ``playing.simulate`` is the way in; ``shapes`` holds what goes in and comes out;
``files`` writes the result.
"""
