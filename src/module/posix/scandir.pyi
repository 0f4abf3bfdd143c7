class DirEntry:
    "A name in a directory, with what scandir() knows of it."
    __c__ = "dirent", "DirEntryObject"
    def is_dir(self, *, follow_symlinks: bool = True) -> bool: "Is it a directory?"
    def is_file(self, *, follow_symlinks: bool = True) -> bool: "Is it a regular file?"
    def is_symlink(self) -> bool: "Is it a symbolic link?"
    def is_junction(self) -> bool: "Is it a junction? Never, here."
    def stat(self, *, follow_symlinks: bool = True): "Its status, asked once."
    def inode(self): "Its inode."
    def __fspath__(self): "Its path."
    @property
    def name(self): "The name alone."
    @property
    def path(self): "The directory given to scandir() and the name."

class ScandirIterator:
    "What scandir() returns."
    __c__ = "scandir", "ScandirObject"
    def close(self) -> None: "Close the directory."
    def __enter__(self): "The iterator itself."
    @raw
    def __exit__(self, /, *args): "Close the directory."
