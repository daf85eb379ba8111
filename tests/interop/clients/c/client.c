/* The C client's library: each call, watches, transactions, ACLs. usage: client HOST:PORT,... */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zookeeper/zookeeper.h>

#define ROOT "/c-client"
#define SECONDS_MAX 30
#define EVENTS_MAX 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int connected;
static int event_count;
static struct { int type; char path[128]; } events[EVENTS_MAX];

static struct timespec until(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += SECONDS_MAX;
    return time;
}

static void watcher(zhandle_t *handle, int type, int state, const char *path, void *context)
{
    (void)handle;
    (void)context;
    pthread_mutex_lock(&lock);
    if (type == ZOO_SESSION_EVENT) {
        connected = state == ZOO_CONNECTED_STATE;
    } else if (event_count < EVENTS_MAX) {
        events[event_count].type = type;
        snprintf(events[event_count].path, sizeof events[event_count].path, "%s", path);
        event_count++;
    }
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* Waits until so many events are there, prints and forgets them. */
static void show_events(const char *name, int count)
{
    struct timespec deadline = until();
    pthread_mutex_lock(&lock);
    while (event_count < count && pthread_cond_timedwait(&changed, &lock, &deadline) == 0) {
    }
    printf("%s:", name);
    for (int i = 0; i < event_count; i++) {
        printf(" %d %s", events[i].type, events[i].path);
    }
    printf("\n");
    event_count = 0;
    pthread_mutex_unlock(&lock);
}

static void show(const char *name, int code)
{
    printf("%s: %s\n", name, zerror(code));
}

static void show_stat(const char *name, int code, const struct Stat *stat)
{
    if (code != ZOK) {
        show(name, code);
        return;
    }
    printf("%s: v%d cv%d av%d length=%d children=%d owned=%d\n", name, stat->version, stat->cversion, stat->aversion,
        stat->dataLength, stat->numChildren, stat->ephemeralOwner != 0);
}

static zhandle_t *connect_to(const char *servers)
{
    connected = 0;
    zhandle_t *handle = zookeeper_init(servers, watcher, 10000, NULL, NULL, 0);
    struct timespec deadline = until();
    pthread_mutex_lock(&lock);
    while (!connected && pthread_cond_timedwait(&changed, &lock, &deadline) == 0) {
    }
    int there = connected;
    pthread_mutex_unlock(&lock);
    if (handle == NULL || !there) {
        printf("not connected\n");
        exit(1);
    }
    return handle;
}

static void create(zhandle_t *handle, const char *path, const char *data, int flags)
{
    char made[128] = "";
    struct Stat stat;
    int code = zoo_create2(handle, path, data, data ? (int)strlen(data) : -1, &ZOO_OPEN_ACL_UNSAFE, flags, made,
        sizeof made, &stat);
    printf("create %s %d: %s %s\n", path, flags, zerror(code), code == ZOK ? made : "");
    if (code == ZOK) {
        show_stat("  its stat", code, &stat);
    }
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void children(zhandle_t *handle, const char *path)
{
    struct String_vector names = {0};
    struct Stat stat;
    int code = zoo_get_children2(handle, path, 0, &names, &stat);
    show_stat("children, parent", code, &stat);
    if (names.count > 0) {
        qsort(names.data, (size_t)names.count, sizeof names.data[0], compare);
    }
    for (int i = 0; i < names.count; i++) {
        printf("  %s\n", names.data[i]);
    }
    deallocate_String_vector(&names);
}

static void data(zhandle_t *handle)
{
    char buffer[1024];
    int length = sizeof buffer;
    struct Stat stat;
    create(handle, ROOT, "root", 0);
    create(handle, ROOT, "root", 0);
    create(handle, ROOT "/none/at/all", "", 0);
    create(handle, ROOT "/null", NULL, 0);
    create(handle, ROOT "/s-", "", ZOO_PERSISTENT_SEQUENTIAL);
    create(handle, ROOT "/e", "", ZOO_EPHEMERAL);
    create(handle, ROOT "/e-", "", ZOO_EPHEMERAL_SEQUENTIAL);
    create(handle, ROOT "/c", "", ZOO_CONTAINER);
    char made[128] = "";
    int code = zoo_create2_ttl(handle, ROOT "/t", "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_WITH_TTL, 3600000,
        made, sizeof made, &stat);
    printf("create with ttl: %s %s\n", zerror(code), made);
    create(handle, ROOT "/e/child", "", 0);
    code = zoo_get(handle, ROOT, 0, buffer, &length, &stat);
    show_stat("get", code, &stat);
    printf("data: %.*s\n", length, buffer);
    length = sizeof buffer;
    show_stat("get null", zoo_get(handle, ROOT "/null", 0, buffer, &length, &stat), &stat);
    printf("its length: %d\n", length);
    show_stat("exists none", zoo_exists(handle, ROOT "/none", 0, &stat), &stat);
    show_stat("set", zoo_set2(handle, ROOT, "second", 6, 0, &stat), &stat);
    show_stat("set with an old version", zoo_set2(handle, ROOT, "third", 5, 0, &stat), &stat);
    children(handle, ROOT);
    show("delete with a wrong version", zoo_delete(handle, ROOT "/null", 3));
    show("delete", zoo_delete(handle, ROOT "/null", 0));
    show("delete again", zoo_delete(handle, ROOT "/null", -1));
    show("delete a parent", zoo_delete(handle, ROOT, -1));
}

static void watches(zhandle_t *handle)
{
    struct Stat stat;
    char buffer[16];
    int length = sizeof buffer;
    struct String_vector names = {0};
    show("watch what is not there", zoo_wexists(handle, ROOT "/w", watcher, NULL, &stat));
    create(handle, ROOT "/w", "", 0);
    show_events("created", 1);
    show("watch data", zoo_wget(handle, ROOT "/w", watcher, NULL, buffer, &length, &stat));
    show("watch children", zoo_wget_children(handle, ROOT "/w", watcher, NULL, &names));
    deallocate_String_vector(&names);
    create(handle, ROOT "/w/x", "", 0);
    show_events("child", 1);
    show("set", zoo_set(handle, ROOT "/w", "1", 1, -1));
    show_events("changed", 1);
    show("watch data", zoo_wget(handle, ROOT "/w/x", watcher, NULL, buffer, &length, &stat));
    show("delete", zoo_delete(handle, ROOT "/w/x", -1));
    show_events("deleted", 1);
    show("remove none", zoo_remove_all_watches(handle, ROOT "/w", ZWATCHTYPE_ANY, 0));
}

static void transactions(zhandle_t *handle)
{
    char first[64], second[64];
    struct Stat stat;
    zoo_op_t operations[4];
    zoo_op_result_t results[4];
    zoo_create_op_init(&operations[0], ROOT "/m", "1", 1, &ZOO_OPEN_ACL_UNSAFE, 0, first, sizeof first);
    zoo_create_op_init(&operations[1], ROOT "/m/s-", "", 0, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_SEQUENTIAL, second,
        sizeof second);
    zoo_set_op_init(&operations[2], ROOT "/m", "22", 2, 0, &stat);
    zoo_check_op_init(&operations[3], ROOT "/m", 1);
    show("multi", zoo_multi(handle, 4, operations, results));
    printf("made: %s %s\n", first, second);
    show_stat("set", results[2].err, &stat);
    zoo_set_op_init(&operations[0], ROOT "/m", "333", 3, -1, &stat);
    zoo_delete_op_init(&operations[1], ROOT "/m/none", -1);
    zoo_delete_op_init(&operations[2], ROOT "/m", -1);
    zoo_check_op_init(&operations[3], ROOT, -1);
    show("failing multi", zoo_multi(handle, 4, operations, results));
    for (int i = 0; i < 4; i++) {
        show("  result", results[i].err);
    }
    show_stat("unchanged", zoo_exists(handle, ROOT "/m", 0, &stat), &stat);
}

static void show_acl(zhandle_t *handle, const char *path)
{
    struct ACL_vector acls = {0};
    struct Stat stat;
    show_stat("acl", zoo_get_acl(handle, path, &acls, &stat), &stat);
    for (int i = 0; i < acls.count; i++) {
        printf("  %d %s:%s\n", acls.data[i].perms, acls.data[i].id.scheme, acls.data[i].id.id);
    }
    deallocate_ACL_vector(&acls);
}

static void added(int code, const void *done)
{
    pthread_mutex_lock(&lock);
    *(int *)done = code + 1000;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void add_auth(zhandle_t *handle, const char *scheme, const char *credentials)
{
    int done = 0;
    struct timespec deadline = until();
    show("add auth", zoo_add_auth(handle, scheme, credentials, (int)strlen(credentials), added, &done));
    pthread_mutex_lock(&lock);
    while (done == 0 && pthread_cond_timedwait(&changed, &lock, &deadline) == 0) {
    }
    pthread_mutex_unlock(&lock);
    show("answer", done - 1000);
}

static void permissions(zhandle_t *handle, zhandle_t *guest)
{
    char buffer[16];
    int length = sizeof buffer;
    struct Stat stat;
    show("creator without credentials",
        zoo_create(handle, ROOT "/p", "", 0, &ZOO_CREATOR_ALL_ACL, 0, NULL, 0));
    add_auth(handle, "digest", "alice:a");
    show("creator", zoo_create(handle, ROOT "/p", "x", 1, &ZOO_CREATOR_ALL_ACL, 0, NULL, 0));
    show_acl(handle, ROOT "/p");
    show("get", zoo_get(handle, ROOT "/p", 0, buffer, &length, &stat));
    /* A write of its own brings the guest's server up to date: the session waits for it. */
    show("guest sets the root", zoo_set(guest, ROOT, "", 0, -1));
    show("guest gets", zoo_get(guest, ROOT "/p", 0, buffer, &length, &stat));
    show("guest sets", zoo_set(guest, ROOT "/p", "", 0, -1));
    show("set acl", zoo_set_acl(handle, ROOT "/p", 0, &ZOO_READ_ACL_UNSAFE));
    show("set acl again", zoo_set_acl(handle, ROOT "/p", 0, &ZOO_OPEN_ACL_UNSAFE));
    show("guest sets the root again", zoo_set(guest, ROOT, "", 0, -1));
    show_acl(guest, ROOT "/p");
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: client HOST:PORT,...\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
    zhandle_t *handle = connect_to(arguments[1]);
    zhandle_t *guest = connect_to(arguments[1]);
    data(handle);
    watches(handle);
    transactions(handle);
    permissions(handle, guest);
    show("close", zookeeper_close(handle));
    show("close", zookeeper_close(guest));
    return 0;
}
