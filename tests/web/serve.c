/* serve SOCKET PROGRAM [ARG…]: listen on a unix socket as fd 0 and become the program, as the
 * supervisor and systemd do. Node cannot hand a listening socket to a child by itself. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (argc < 3 || strlen(argv[1]) >= sizeof a.sun_path) {
        fprintf(stderr, "usage: serve SOCKET PROGRAM [ARG...]\n");
        return 64;
    }
    memcpy(a.sun_path, argv[1], strlen(argv[1]) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 64) != 0 ||
        dup2(fd, 0) != 0) {
        perror(argv[1]);
        return 71;
    }
    close(fd);
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 72;
}
