/* mutate_play: every deviation against the cases that reach its row, in processes of their own. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutate_tables.h"
#include "run.h"
#include "stop.h"
#include "wire.h"

#define JOBS_MAX 64
/* Processor time that one deviation may take: far above what the whole suite does. */
#define LIMIT_S 5

/* Between the parent and its workers. */
struct board {
	atomic_uint next;         /* the first deviation of the next row to be taken */
	atomic_uint at[JOBS_MAX]; /* what each works at; count: nothing */
	struct mutate_result result[];
};

struct worker {
	const struct mutate_suite *suite;
	const struct mutate_list *list;
	struct board *board;
	struct mutant *mutant;
	struct wire *wire;
	struct runner *runner;
	/* What the row at hand is known not to do: ask the far side at all, arm that timer. */
	const char *row;
	bool asks_nothing;
	int arms_not;
};

/* ---- one deviation --------------------------------------------------------------------- */

/* Whether it is nothing at all when its function has changed nothing in any case: the row has no such line, field or timer. */
static bool
may_be_void(const struct deviation *d)
{
	return d->op == OP_FAR_OTHER || ((d->op == OP_TIMER_EARLY || d->op == OP_TIMER_LATE) && d->item > 0) || d->kind == ROW_COMMAND;
}

/* As the deviations of one row come one after the other, what one of them has shown holds for the next. */
static bool
known_void(struct worker *w, const struct deviation *d)
{
	if (w->row == NULL || strcmp(w->row, d->row) != 0) {
		w->row = d->row;
		w->asks_nothing = false;
		w->arms_not = 0;
	}
	return (d->op == OP_FAR_OTHER && w->asks_nothing) || (d->op == OP_TIMER_LATE && d->item > 0 && d->item == w->arms_not);
}

static void
learn_void(struct worker *w, const struct deviation *d)
{
	if (d->op == OP_FAR_OTHER)
		w->asks_nothing = mutant_asked() == 0;
	if (d->op == OP_TIMER_EARLY)
		w->arms_not = d->item;
}

static enum mutate_end
play_cases(struct worker *w, const struct deviation *d, struct mutate_result *r)
{
	const struct mutate_suite *s = w->suite;
	uint32_t reached = 0;

	for (uint32_t i = 0; i < s->count && stop_signal == 0; i++) {
		const struct mutate_case *c = &s->at[s->order[i]];
		struct outcome o;

		if (!mutate_comes_to(c, d))
			continue;
		reached++;
		run_case(w->runner, &c->c, c->seed, &o);
		r->played++;
		if (o.verdict == VERDICT_ERROR)
			r->errors++;
		if (o.verdict == VERDICT_FAIL) {
			r->killer = s->order[i];
			r->line = o.line;
			return END_KILLED;
		}
	}
	if (reached > 0 && mutant_applied() == 0 && may_be_void(d))
		return END_VOID;
	return reached == 0 || mutant_applied() == 0 ? END_UNREACHED : END_SURVIVED;
}

static void
play_one(struct worker *w, uint32_t i)
{
	const struct itimerval limit = { .it_value = { .tv_sec = LIMIT_S } };
	struct mutate_result *r = &w->board->result[i];

	*r = (struct mutate_result){ .end = END_BROKEN };
	setitimer(ITIMER_PROF, &limit, NULL);
	mutant_whole(w->mutant);
	mutant_break(w->mutant, &w->list->at[i]);
	r->end = known_void(w, &w->list->at[i]) ? END_VOID : play_cases(w, &w->list->at[i], r);
	if (r->end == END_VOID)
		learn_void(w, &w->list->at[i]);
}

/* All deviations of one row are played by one process, one after the other. */
static bool
next_row(struct worker *w, uint32_t *from, uint32_t *to)
{
	const struct mutate_list *l = w->list;
	unsigned at = atomic_load(&w->board->next), end;

	do {
		if (at >= l->count)
			return false;
		for (end = at + 1; end < l->count && strcmp(l->at[end].row, l->at[at].row) == 0;)
			end++;
	} while (!atomic_compare_exchange_weak(&w->board->next, &at, end));
	*from = at;
	*to = end;
	return true;
}

/* resume: where the process before this one came to its end, or count. */
static void
work(struct worker *w, unsigned job, uint32_t resume)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	uint32_t from, to;

	/* A crash ends this process, whatever the caller would do about it. */
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		signal(crashes[i], SIG_DFL);
	w->mutant = calloc(1, sizeof(*w->mutant));
	if (w->mutant == NULL)
		abort();
	mutant_whole(w->mutant);
	w->wire = wire_loop_open_module(&w->mutant->profile);
	w->runner = runner_new(w->wire);
	if (w->runner == NULL)
		abort();
	for (uint32_t i = resume; i < w->list->count && i > 0 && strcmp(w->list->at[i].row, w->list->at[i - 1].row) == 0; i++) {
		atomic_store(&w->board->at[job], i);
		play_one(w, i);
	}
	while (stop_signal == 0 && next_row(w, &from, &to)) {
		for (uint32_t i = from; i < to && stop_signal == 0; i++) {
			atomic_store(&w->board->at[job], i);
			play_one(w, i);
		}
	}
	atomic_store(&w->board->at[job], w->list->count);
}

/* ---- all ----------------------------------------------------------------------------------- */

static pid_t
start(struct worker *w, unsigned job, uint32_t resume)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child != 0)
		return child;
	work(w, job, resume);
	_exit(0);
}

/* A process ended before its work did: what it worked at is broken, another goes on behind it. */
static pid_t
start_again(struct worker *w, unsigned job)
{
	unsigned at = atomic_load(&w->board->at[job]);

	if (at >= w->list->count || stop_signal != 0)
		return -1;
	w->board->result[at].end = END_BROKEN;
	return start(w, job, at + 1);
}

static int
wait_all(struct worker *w, pid_t *child, unsigned jobs, struct err *e)
{
	unsigned running = jobs;

	while (running > 0) {
		int status;
		pid_t done = waitpid(-1, &status, 0);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_errno(e, EXIT_INTERNAL, "waiting for what plays the deviations");
		for (unsigned i = 0; i < jobs; i++) {
			if (child[i] != done)
				continue;
			child[i] = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? -1 : start_again(w, i);
			running -= child[i] < 0;
		}
	}
	return 0;
}

int
mutate_play(const struct mutate_suite *s, const struct mutate_list *list, unsigned jobs, struct mutate_result *result, struct err *e)
{
	size_t size = sizeof(struct board) + list->count * sizeof(*result);
	struct worker w = { .suite = s, .list = list };
	pid_t child[JOBS_MAX];
	int ended;

	jobs = jobs < JOBS_MAX ? jobs : JOBS_MAX;
	w.board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w.board == MAP_FAILED)
		return err_errno(e, EXIT_INTERNAL, "memory for the results");
	for (unsigned i = 0; i < jobs; i++) {
		atomic_store(&w.board->at[i], list->count);
		child[i] = start(&w, i, list->count);
		if (child[i] < 0) {
			err_errno(e, EXIT_INTERNAL, "a process to play the deviations");
			jobs = i;
		}
	}
	ended = jobs == 0 ? -1 : wait_all(&w, child, jobs, e);
	if (ended == 0)
		memcpy(result, w.board->result, list->count * sizeof(*result));
	munmap(w.board, size);
	return ended;
}
