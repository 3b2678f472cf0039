"""How much of what is sent to us is kept in memory.

Reports and forms are small. One form takes a file, a house dictionary; so many of its bodies are
kept at a time that a crowd of them cannot fill the memory, for who sends one is known only later.
"""

import re

KEPT_OF_A_BODY = 256 * 1024 + 1  # as much as any other form, and a byte to tell
LARGEST_FILE = 4 * 1024 * 1024
KEPT_OF_A_FILE = LARGEST_FILE + 1
MOST_FILES = 8
TAKES_A_FILE = re.compile(r"/settings/[0-9]{1,19}/words(?:/import)?")
