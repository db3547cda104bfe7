# What the servers for inetd need of it: HOST PORT PROGRAM ARGUMENT... listens, and runs the program for each
# connection, which is its input and output.
use strict;
use warnings;
use IO::Socket::IP;

my ($host, $port, @program) = @ARGV;
my $listener = IO::Socket::IP->new(LocalHost => $host, LocalPort => $port, Listen => 200, ReuseAddr => 1)
    or die "$host $port: $@\n";
$SIG{CHLD} = 'IGNORE';
while (1) {
    my $connection = $listener->accept or next;
    my $child = fork // die "fork: $!\n";
    next if $child;
    # A program would inherit it, and not find out how its own children ended.
    $SIG{CHLD} = 'DEFAULT';
    open STDIN, '<&', $connection or die "$!\n";
    open STDOUT, '>&', $connection or die "$!\n";
    exec @program or die "$program[0]: $!\n";
}
