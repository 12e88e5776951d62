"""Stand-ins for the command lines of AWS, Azure and Google Cloud, for rehearsals and tests.

They answer in the form of the real clients, really open what is imported, and answer every later question from the
key they found. All cryptography is the openssl command's; nothing here shares code with keyrite. The keys stand in
plain files below $REHEARSAL_CLOUD and pass through openssl's command line: for throw-away keys only.
"""
