"""The variables of sysconfig: what the C code knows (_sysconfig), and where things are.

Everything follows from where the interpreter stands now, so what is installed can be moved.
"""
import sys

import _sysconfig


def _variables():
    """A dict of the variables, under the names that CPython's Makefile has for them."""
    version = "%d.%d" % sys.version_info[:2]
    prefix, exec_prefix = sys.base_prefix, sys.base_exec_prefix
    full = version + sys.abiflags
    folder = f"{prefix}/{sys.platlibdir}/python{full}"
    include = f"{prefix}/include/python{full}"
    known = _sysconfig.config_vars()
    cc, multiarch = known["CC"], known["MULTIARCH"]
    flags = "-fno-strict-aliasing -Wall -O2" + ("" if known["Py_DEBUG"] else " -DNDEBUG")
    return known | {
        # names
        "VERSION": version, "LDVERSION": full, "ABIFLAGS": sys.abiflags, "MACHDEP": sys.platform, "PLATLIBDIR": sys.platlibdir,
        "HOST_GNU_TYPE": multiarch, "BUILD_GNU_TYPE": multiarch, "SHLIB_SUFFIX": ".so", "EXE": "", "EXEEXT": "", "BUILDEXE": "",
        "PYTHON": "weft", "PYTHONFRAMEWORK": "", "PYTHONFRAMEWORKDIR": "no-framework", "PYTHONFRAMEWORKPREFIX": "",
        "PYTHONFRAMEWORKINSTALLDIR": "", "TZPATH": "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo",
        # places
        "prefix": prefix, "exec_prefix": exec_prefix, "host_prefix": prefix, "host_exec_prefix": exec_prefix,
        "BINDIR": f"{exec_prefix}/bin", "LIBDIR": f"{exec_prefix}/{sys.platlibdir}", "INCLUDEDIR": f"{prefix}/include",
        "INCLUDEPY": include, "CONFINCLUDEDIR": f"{exec_prefix}/include", "CONFINCLUDEPY": include, "LIBDEST": folder,
        "BINLIBDEST": folder, "SCRIPTDIR": f"{prefix}/{sys.platlibdir}", "DESTDIRS": "", "DESTLIB": folder,
        "DESTSHARED": f"{folder}/lib-dynload", "LIBPL": f"{folder}/config-{full}-{multiarch}", "MANDIR": f"{prefix}/share/man",
        "datarootdir": f"{prefix}/share", "WHEEL_PKG_DIR": "",
        # building extensions
        "CONFIG_ARGS": "", "OPT": flags, "BASECFLAGS": "", "CFLAGS": flags, "PY_CFLAGS": flags, "PY_CORE_CFLAGS": flags,
        "CONFIGURE_CFLAGS": "", "CFLAGS_NODIST": "", "PY_CFLAGS_NODIST": "", "CPPFLAGS": "", "PY_CPPFLAGS": "", "CCSHARED": "-fPIC",
        "CPP": f"{cc} -E", "LDCXXSHARED": f"{cc} -shared", "LDSHARED": f"{cc} -shared", "BLDSHARED": f"{cc} -shared",
        "LDFLAGS": "", "LDFLAGS_NODIST": "", "PY_LDFLAGS": "", "PY_LDFLAGS_NODIST": "", "CONFIGURE_LDFLAGS": "",
        "LINKCC": cc, "LINKFORSHARED": "-Xlinker -export-dynamic", "AR": "ar", "ARFLAGS": "rcs", "RANLIB": "ranlib",
        "INSTALL": "install", "INSTALL_PROGRAM": "install", "INSTALL_SCRIPT": "install", "INSTALL_DATA": "install -m 644",
        # linking with the interpreter: there is nothing to link with, extensions find it in the running program
        "LIBRARY": "", "LDLIBRARY": "", "LDLIBRARYDIR": "", "INSTSONAME": "", "LIBPYTHON": "", "BLDLIBRARY": "", "DLLLIBRARY": "",
        "LIBS": "-lpthread -ldl -lm", "SYSLIBS": "-lm", "LIBM": "-lm", "LIBC": "", "MODLIBS": "", "SHLIBS": "-lpthread -ldl -lm",
        "PY_BUILTIN_HASHLIB_HASHES": "md5,sha1,sha2,sha3,blake2", "PY_SSL_DEFAULT_CIPHERS": 1, "TEST_MODULES": "no",
    }


build_time_vars = _variables()
