// The smallest server that a client will talk to: static, no allocation per message but the answer.
// It answers initialize, server/discover, tools/list, ping and tools/call; a call's argument
// "characters" says how long the text of its answer is.
//
//   server FILE…    answers the first tools/list with the first file's result, the next one with the
//                   next file's, and so on around
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char line[1 << 20];
static char *answer;
static size_t capacity = 17 << 20;
static char **results;
static int result_count, next_result;

static void put(size_t length) {
  for (size_t sent = 0; sent < length;) {
    ssize_t count = write(1, answer + sent, length - sent);
    if (count <= 0) _exit(0);
    sent += (size_t)count;
  }
}

static void respond(void) {
  const char *id = strstr(line, "\"id\":");
  if (!id) return;
  id += 5;
  int width = (int)strcspn(id, ",}");
  size_t length = (size_t)sprintf(answer, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":", width, id);
  const char *body = "{}";
  if (strstr(line, "\"initialize\""))
    body = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
           "\"serverInfo\":{\"name\":\"bench\",\"version\":\"1\"}}";
  else if (strstr(line, "\"tools/list\"") && result_count) {
    body = results[next_result];
    next_result = (next_result + 1) % result_count;
  } else if (strstr(line, "\"tools/list\""))
    body = "{\"tools\":[{\"name\":\"act\",\"description\":\"Answers.\","
           "\"inputSchema\":{\"type\":\"object\"}}]}";
  else if (strstr(line, "\"tools/call\"")) {
    const char *wanted = strstr(line, "\"characters\":");
    size_t characters = wanted ? strtoul(wanted + 13, NULL, 10) : 0;
    if (characters > capacity - 512) characters = capacity - 512;
    length += (size_t)sprintf(answer + length, "{\"content\":[{\"type\":\"text\",\"text\":\"");
    memset(answer + length, 'x', characters);
    length += characters;
    body = "\"}]}";
  }
  // By length: a list is too long to be copied twice or counted while it is printed.
  size_t end = strlen(body);
  memcpy(answer + length, body, end);
  memcpy(answer + length + end, "}\n", 2);
  put(length + end + 2);
}

static char *whole(const char *path) {
  FILE *file = fopen(path, "r");
  char *text = file ? malloc(8 << 20) : NULL;
  if (!text) _exit(1);
  text[fread(text, 1, (8 << 20) - 1, file)] = 0;
  fclose(file);
  return text;
}

int main(int argc, char **argv) {
  size_t filled = 0;
  answer = malloc(capacity);
  if (!answer) return 1;
  results = argv + 1;
  result_count = argc - 1;
  for (int index = 0; index < result_count; index++) results[index] = whole(results[index]);
  for (;;) {
    ssize_t count = read(0, line + filled, sizeof line - 1 - filled);
    if (count <= 0) return 0;
    filled += (size_t)count;
    line[filled] = 0;
    char *end;
    while ((end = memchr(line, '\n', filled))) {
      *end = 0;
      respond();
      filled -= (size_t)(end + 1 - line);
      memmove(line, end + 1, filled + 1);
    }
  }
}
