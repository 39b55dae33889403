/*
 * cmd: the subcommands.  Each takes its own argv (argv[0] is its name) and returns the exit status.
 */
#ifndef CMD_H
#define CMD_H

int cmd_coverage(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_emulate(int argc, char **argv);
int cmd_lint(int argc, char **argv);
int cmd_parse(int argc, char **argv);
int cmd_ports(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_mutate(int argc, char **argv);

/* What `attest NAME --help` prints, and the usage line main shows. */
extern const char cmd_coverage_usage[], cmd_run_usage[], cmd_emulate_usage[], cmd_lint_usage[], cmd_mutate_usage[], cmd_parse_usage[],
    cmd_ports_usage[], cmd_report_usage[];

#endif
