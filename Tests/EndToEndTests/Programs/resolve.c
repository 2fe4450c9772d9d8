// Looks names up through the C library that it is linked with: resolve NAME…. The lines are those of
// Egress/Clients/resolve.mjs, unsorted.
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int count, char **names) {
  for (int i = 1; i < count; i++) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int code = getaddrinfo(names[i], "443", &hints, &found);
    printf("%s", names[i]);
    // What musl says for a name that does not exist, and for one without addresses.
    if (code == EAI_NONAME || code == -5) printf(" missing\n");
    else if (code) printf(" failed %d %s\n", code, gai_strerror(code));
    else {
      for (struct addrinfo *one = found; one; one = one->ai_next) {
        char text[NI_MAXHOST];
        getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
        printf(" %s", text);
      }
      printf("\n");
      freeaddrinfo(found);
    }
  }
  return 0;
}
