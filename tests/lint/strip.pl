#!/usr/bin/perl
# C without comments, lines kept: OUT/text/FILE with strings, OUT/code/FILE with strings emptied.
use strict;
use warnings;
use File::Basename;
use File::Find;
use File::Path qw(make_path remove_tree);

my $out = shift or die "usage: strip.pl OUT\n";
remove_tree("$out/text", "$out/code");

sub blank { my $s = shift; $s =~ s/[^\n]//g; return $s; }

sub put {
    my ($path, $text) = @_;
    make_path(dirname($path));
    open my $f, '>', $path or die "$path: $!\n";
    print $f $text;
    close $f;
}

find({ no_chdir => 1, wanted => sub {
    $File::Find::prune = 1 if /node_modules$/;
    return unless /\.[ch]$/ && -f;
    open my $f, '<', $_ or die "$_: $!\n";
    local $/;
    my $s = <$f>;
    my $q = qr/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/s;
    $s =~ s{($q)|//[^\n]*|/\*.*?\*/}{defined $1 ? $1 : blank($&)}gse;
    put("$out/text/$_", $s);
    $s =~ s{^(\s*#\s*include[^\n]*)|($q)}{defined $1 ? $1 : '""'}gme;
    put("$out/code/$_", $s);
} }, grep { -d } qw(lib cgi-bin ws-bridge worker speech cli tests));
