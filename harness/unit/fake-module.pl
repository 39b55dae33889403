#!/usr/bin/perl
# A module on standard input and output that misbehaves as it is told, for harness/check-rig.sh.
# usage: fake-module.pl BEHAVIOUR [FILE]
#
#   silent          takes everything, says nothing
#   garbage         answers every byte with bytes that are no text
#   mirror          gives back what it gets
#   flood           says lines without end
#   banner          says what an SSH server says
#   web             answers the first line as a web server does, and hangs up
#   module          a module that has nothing but AT commands and OK
#   hang            a module that hangs at AT+CSQ until FILE is there
#   restart         a module that restarts at the first AT+CSQ, and says RDY
#   sags            a module whose supply fails at the first AT+CSQ
#   dies            a module that ends at AT+CSQ; when it was started before (FILE is there) it does not
#   dies-always     a module that ends at every AT+CSQ
use strict;
use warnings;

my ($behaviour, $file) = @ARGV;
my ($line, $hangs, $echo, $restarts) = ('', 0, 1, 0);
$| = 1;

sub say_all { my ($bytes) = @_; while (length $bytes) { my $n = syswrite(STDOUT, $bytes); exit 0 unless defined $n; substr($bytes, 0, $n, '') } }
sub answer { my ($text) = @_; say_all($echo ? "$line\r$text" : $text) }

sub command {
	$echo = 1 if $line =~ /E1/;
	if ($line =~ /^AT\+CSQ/) {
		if ($behaviour eq 'hang' && !-e $file) { $hangs = 1; return }
		if ($behaviour eq 'restart' && !$restarts++) { return say_all("\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n") }
		if ($behaviour eq 'sags' && !$restarts++) { return say_all("\r\nUNDER-VOLTAGE WARNNING\r\n\r\nRDY\r\n\r\nSMS Ready\r\n\r\nCall Ready\r\n") }
		exit 1 if $behaviour eq 'dies-always';
		if ($behaviour eq 'dies' && !-e $file) { open(my $mark, '>', $file); exit 1 }
		return answer("\r\n+CSQ: 18,0\r\n\r\nOK\r\n");
	}
	return answer("\r\nSIM800 R14.18\r\n\r\nOK\r\n") if $line eq 'ATI';
	return answer("\r\nRevision:1418B05SIM800L24\r\n\r\nOK\r\n") if $line eq 'AT+CGMR';
	return answer("\r\nSIMCOM_Ltd\r\nSIMCOM_SIM800L\r\nRevision:1418B05SIM800L24 358021012345678\r\n\r\nOK\r\n") if $line eq 'AT+GSV';
	return answer("\r\nERROR\r\n") if $line =~ /SAPBR|HTTP|FTP/;
	return answer("\r\nOK\r\n") if $line =~ /^AT/i;
}

if ($behaviour eq 'flood') { say_all("\r\n+NOISE: " . ('x' x 200) . "\r\n") while 1 }
say_all("SSH-2.0-OpenSSH_9.2\r\n") if $behaviour eq 'banner';
for (;;) {
	my $n = sysread(STDIN, my $bytes, 4096);
	exit 0 unless $n;
	next if $behaviour eq 'silent' || $behaviour eq 'banner';
	if ($behaviour eq 'garbage') { say_all("\x80\xfe\x03\xc0\xf8") ; next }
	if ($behaviour eq 'mirror') { say_all($bytes); next }
	if ($behaviour eq 'web') { say_all("HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n"); exit 0 }
	for my $c (split //, $bytes) {
		if ($hangs && -e $file) { $hangs = 0; say_all("\r\nCall Ready\r\n\r\nSMS Ready\r\n") }
		next if $hangs;
		if ($c eq "\r") { command() if length $line; $line = '' } elsif ($c ne "\n") { $line .= $c }
	}
}
