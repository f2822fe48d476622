#!/usr/bin/perl
# Plain perl-base, which every Debian has.
# C without comments, lines kept: OUT/text/FILE with strings, OUT/code/FILE with strings emptied.
use strict;
use warnings;

my $out = shift or die "usage: strip.pl OUT\n";
system('rm', '-rf', "$out/text", "$out/code");
chomp(my @files = `find lib cgi-bin ws-bridge worker speech cli tests -name node_modules -prune -o -name '*.[ch]' -print 2>/dev/null`);
my %made;

sub blank { my $s = shift; $s =~ s/[^\n]//g; return $s; }

sub put {
    my ($path, $text) = @_;
    my ($dir) = $path =~ m{^(.*)/};
    system('mkdir', '-p', $dir) unless $made{$dir}++;
    open my $f, '>', $path or die "$path: $!\n";
    print $f $text;
    close $f;
}

for my $file (@files) {
    open my $f, '<', $file or die "$file: $!\n";
    local $/;
    my $s = <$f>;
    my $q = qr/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/s;
    $s =~ s{($q)|//[^\n]*|/\*.*?\*/}{defined $1 ? $1 : blank($&)}gse;
    put("$out/text/$file", $s);
    $s =~ s{^(\s*#\s*include[^\n]*)|($q)}{defined $1 ? $1 : '""'}gme;
    put("$out/code/$file", $s);
}
