/* A PKCS#11 library that forwards to another one and misbehaves on demand, loaded like any vendor's.
 *
 * The environment variable FAULTY_PKCS11 names a text file:
 *
 *   module /path/of/the/real/library.so
 *   log /path/of/a/file                    each call's name is appended to it
 *   C_Sign 2 return 0x32                   the second C_Sign from now returns that, and does nothing
 *   C_CreateObject 1 after 0x31            the real call is made, then that is returned
 *   C_Login 1 hang | crash | crash-after
 *   C_CreateObject 1 during 300            the process is killed 300 microseconds into the real call
 *   C_GetTokenInfo 0 flags 0x20000         these flags are set in each answer
 *   C_GetTokenInfo 0 poke 0 d6d0           these bytes are written at that offset of each answer
 *
 * Number 0 means every call; a process counts from when the rules were written, or it was started. A rule with another
 * number fires once in all, however many processes there are (a file beside the rules remembers it), so that what comes
 * after the fault is seen to work.
 *
 * Every function of PKCS#11 takes at most eight arguments of a machine word: they are passed on unseen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*function)(word, word, word, word, word, word, word, word);
#define COUNT 68
#define FLAGS_OFFSET 96 /* in CK_TOKEN_INFO */

static const char *names[COUNT] = {
    "C_Initialize", "C_Finalize", "C_GetInfo", "C_GetFunctionList", "C_GetSlotList", "C_GetSlotInfo", "C_GetTokenInfo",
    "C_GetMechanismList", "C_GetMechanismInfo", "C_InitToken", "C_InitPIN", "C_SetPIN", "C_OpenSession",
    "C_CloseSession", "C_CloseAllSessions", "C_GetSessionInfo", "C_GetOperationState", "C_SetOperationState", "C_Login",
    "C_Logout", "C_CreateObject", "C_CopyObject", "C_DestroyObject", "C_GetObjectSize", "C_GetAttributeValue",
    "C_SetAttributeValue", "C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal", "C_EncryptInit", "C_Encrypt",
    "C_EncryptUpdate", "C_EncryptFinal", "C_DecryptInit", "C_Decrypt", "C_DecryptUpdate", "C_DecryptFinal",
    "C_DigestInit", "C_Digest", "C_DigestUpdate", "C_DigestKey", "C_DigestFinal", "C_SignInit", "C_Sign",
    "C_SignUpdate", "C_SignFinal", "C_SignRecoverInit", "C_SignRecover", "C_VerifyInit", "C_Verify", "C_VerifyUpdate",
    "C_VerifyFinal", "C_VerifyRecoverInit", "C_VerifyRecover", "C_DigestEncryptUpdate", "C_DecryptDigestUpdate",
    "C_SignEncryptUpdate", "C_DecryptVerifyUpdate", "C_GenerateKey", "C_GenerateKeyPair", "C_WrapKey", "C_UnwrapKey",
    "C_DeriveKey", "C_SeedRandom", "C_GenerateRandom", "C_GetFunctionStatus", "C_CancelFunction", "C_WaitForSlotEvent",
};

struct list {
    unsigned char version[2];
    function functions[COUNT];
};
struct rule {
    char name[64], effect[32], value[256], data[256];
    int nth, line;
};

static struct list mine, *real;
static int calls[COUNT];

static int fires(const struct rule *rule, int index) {
    char marker[4096];
    int file;
    if (strcmp(rule->name, names[index]) != 0) return 0;
    if (rule->nth == 0) return 1;
    if (rule->nth != calls[index]) return 0;
    snprintf(marker, sizeof marker, "%s.fired-%d", getenv("FAULTY_PKCS11"), rule->line);
    file = open(marker, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (file < 0) return 0;
    close(file);
    return 1;
}

static void alter(const struct rule *rule, unsigned char *answer) {
    if (strcmp(rule->effect, "flags") == 0) {
        *(word *)(answer + FLAGS_OFFSET) |= strtoul(rule->value, NULL, 0);
    } else if (strcmp(rule->effect, "poke") == 0) {
        unsigned char *place = answer + strtoul(rule->value, NULL, 0);
        for (const char *hex = rule->data; hex[0] && hex[1]; hex += 2) sscanf(hex, "%2hhx", place++);
    }
}

static void note(const char *file, const char *name) {
    FILE *log = fopen(file, "a");
    if (log) {
        fprintf(log, "%s\n", name);
        fclose(log);
    }
}

/* Count anew when the rules are written anew. */
static void look(FILE *rules) {
    static struct stat last;
    struct stat now;
    if (!rules || fstat(fileno(rules), &now) != 0) return;
    if (now.st_ino != last.st_ino || now.st_mtim.tv_sec != last.st_mtim.tv_sec || now.st_mtim.tv_nsec != last.st_mtim.tv_nsec)
        memset(calls, 0, sizeof calls);
    last = now;
}

static word call(int index, word a, word b, word c, word d, word e, word f, word g, word h) {
    struct rule rule = {.line = 0}, after[8];
    int afters = 0, n;
    char text[1024];
    word value;
    FILE *rules = fopen(getenv("FAULTY_PKCS11"), "r");
    look(rules);
    calls[index]++;
    while (rules && fgets(text, sizeof text, rules)) {
        rule.line++;
        rule.effect[0] = rule.value[0] = rule.data[0] = 0;
        if (sscanf(text, "log %255s", rule.value) == 1) note(rule.value, names[index]);
        n = sscanf(text, "%63s %d %31s %255s %255s", rule.name, &rule.nth, rule.effect, rule.value, rule.data);
        if (n < 3 || !fires(&rule, index)) continue;
        if (strcmp(rule.effect, "crash") == 0) raise(SIGSEGV);
        if (strcmp(rule.effect, "hang") == 0) sleep(1000);
        if (strcmp(rule.effect, "return") == 0) {
            fclose(rules);
            return strtoul(rule.value, NULL, 0);
        }
        if (strcmp(rule.effect, "during") == 0) {
            struct itimerval timer = {.it_value = {.tv_usec = strtol(rule.value, NULL, 0)}};
            signal(SIGALRM, SIG_DFL);
            setitimer(ITIMER_REAL, &timer, NULL);
        }
        if (afters < 8) after[afters++] = rule;
    }
    if (rules) fclose(rules);
    value = real->functions[index](a, b, c, d, e, f, g, h);
    for (n = 0; n < afters; n++) {
        if (strcmp(after[n].effect, "crash-after") == 0) raise(SIGSEGV);
        if (strcmp(after[n].effect, "after") == 0) return strtoul(after[n].value, NULL, 0);
        if (value == 0) alter(&after[n], (unsigned char *)b);
    }
    return value;
}

#define ONE(i)                                                                                  \
    static word f##i(word a, word b, word c, word d, word e, word f, word g, word h) {          \
        return call(i, a, b, c, d, e, f, g, h);                                                 \
    }
#define TEN(t) ONE(t##0) ONE(t##1) ONE(t##2) ONE(t##3) ONE(t##4) ONE(t##5) ONE(t##6) ONE(t##7) ONE(t##8) ONE(t##9)
ONE(0) ONE(1) ONE(2) ONE(3) ONE(4) ONE(5) ONE(6) ONE(7) ONE(8) ONE(9)
TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) ONE(60) ONE(61) ONE(62) ONE(63) ONE(64) ONE(65) ONE(66) ONE(67)
#define NAMES(t) f##t##0, f##t##1, f##t##2, f##t##3, f##t##4, f##t##5, f##t##6, f##t##7, f##t##8, f##t##9
static const function forwarders[COUNT] = {f0,       f1,       f2,       f3,       f4,       f5,  f6,  f7,  f8,  f9,
                                           NAMES(1), NAMES(2), NAMES(3), NAMES(4), NAMES(5), f60, f61, f62, f63, f64,
                                           f65,      f66,      f67};

word C_GetFunctionList(struct list **answer) {
    char text[1024], path[1024] = "";
    FILE *rules = fopen(getenv("FAULTY_PKCS11") ? getenv("FAULTY_PKCS11") : "", "r");
    while (rules && fgets(text, sizeof text, rules)) sscanf(text, "module %1023s", path);
    if (rules) fclose(rules);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    word (*list)(struct list **) = library ? (word(*)(struct list **))dlsym(library, "C_GetFunctionList") : NULL;
    if (!list || list(&real) != 0) return 5; /* CKR_GENERAL_ERROR */
    memcpy(mine.version, real->version, sizeof mine.version);
    memcpy(mine.functions, forwarders, sizeof mine.functions);
    *answer = &mine;
    return 0;
}
