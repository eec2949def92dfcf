/* A disk that is ill: while the file that ILL_DISK names is there, writes or fsyncs of the embedded database fail with EIO.
   It says which calls fail, "w", "s" or both, and every how many-th of them: "s 3". An fsync that fails has written nothing.
   The file that ILL_TIMES names grows by a byte with each failure. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(int file, char what) {
    static int calls;
    char place[64], name[4096], told[32];
    int every = 1, control, kept = errno;
    ssize_t size;
    snprintf(place, sizeof place, "/proc/self/fd/%d", file);
    size = readlink(place, name, sizeof name - 1);
    if (size < 0) return errno = kept, 0;
    name[size] = 0;
    if (!strstr(name, "/examsrv.db") || strstr(name, "-shm")) return errno = kept, 0;
    control = open(getenv("ILL_DISK"), O_RDONLY | O_CLOEXEC);
    if (control < 0) return errno = kept, 0;
    size = read(control, told, sizeof told - 1);
    close(control);
    told[size > 0 ? size : 0] = 0;
    errno = kept;
    sscanf(told, "%*s %d", &every);
    if (!strchr(told, what) || __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) % every) return 0;
    control = open(getenv("ILL_TIMES"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (control >= 0 && write(control, "!", 1) == 1) close(control);
    errno = EIO;
    return 1;
}

#define REAL(type, name) ((type)dlsym(RTLD_NEXT, name))
int fsync(int file) { return fails(file, 's') ? -1 : REAL(int (*)(int), "fsync")(file); }
int fdatasync(int file) { return fails(file, 's') ? -1 : REAL(int (*)(int), "fdatasync")(file); }
ssize_t write(int file, const void *from, size_t size) {
    return fails(file, 'w') ? -1 : REAL(ssize_t (*)(int, const void *, size_t), "write")(file, from, size);
}
ssize_t pwrite(int file, const void *from, size_t size, off_t at) {
    return fails(file, 'w') ? -1 : REAL(ssize_t (*)(int, const void *, size_t, off_t), "pwrite")(file, from, size, at);
}
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) {
    return fails(file, 'w') ? -1 : REAL(ssize_t (*)(int, const void *, size_t, off64_t), "pwrite64")(file, from, size, at);
}
