# Prints the sentences of a Swift file as a table: string literals of three words or more that are no help
# text and no message to the programmer, and for each the nearest line above that is a condition and
# indented less.
use strict;
use warnings;

my $file = shift;
open(my $in, '<', $file) or die "$file: $!";
my @lines = <$in>;
close $in;
my $text = join '', @lines;

# Where each line begins, to tell the line of a place.
my (@starts, $start) = ();
$start = 0;
for my $line (@lines) { push @starts, $start; $start += length $line; }
sub line_of {
  my $place = shift;
  my ($low, $high) = (0, $#starts);
  while ($low < $high) {
    my $middle = int(($low + $high + 1) / 2);
    if ($starts[$middle] <= $place) { $low = $middle } else { $high = $middle - 1 }
  }
  return $low;
}

# A literal from its opening quote on: what it says, and the place behind it.
sub literal {
  my $place = shift;
  my $is_long = substr($text, $place, 3) eq '"""';
  $place += $is_long ? 3 : 1;
  my $said = '';
  while ($place < length $text) {
    my $next = substr($text, $place, 1);
    if ($next eq '\\') {
      if (substr($text, $place + 1, 1) eq '(') {
        my $depth = 0;
        $place += 1;
        while ($place < length $text) {
          my $inner = substr($text, $place, 1);
          if ($inner eq '"') { my $skipped; ($skipped, $place) = literal($place); next }
          $depth++ if $inner eq '(';
          $depth-- if $inner eq ')';
          $place++;
          last if $depth == 0;
        }
        $said .= '…';
      } elsif (substr($text, $place + 1, 1) eq "\n") {
        $place += 2;
      } else {
        my $letter = substr($text, $place + 1, 1);
        $said .= $letter eq 'n' ? ' ' : $letter;
        $place += 2;
      }
      next;
    }
    last if $is_long ? substr($text, $place, 3) eq '"""' : $next eq '"';
    last if !$is_long && $next eq "\n";
    $said .= $next;
    $place++;
  }
  return ($said, $place + ($is_long ? 3 : 1));
}

my @rows;
my $place = 0;
my ($said, $from, $end) = ('', 0, 0);
sub flush_row {
  my $words = $said;
  $said = '';
  $words =~ s/\s+/ /g;
  $words =~ s/^ | $//g;
  return unless $words =~ /[[:alpha:]]{2}\S* +\S+ +\S/;
  my $line = line_of($from);
  # What belongs to a call stands in the lines above it up to a smaller indentation.
  my ($before) = join '', @lines[($line > 4 ? $line - 4 : 0) .. $line];
  my $near = substr($text, $from > 240 ? $from - 240 : 0, $from > 240 ? 240 : $from);
  return if $near =~ /(help:|abstract:|discussion:|ArgumentHelp\(|message:|valueName:)\s*("""\s*)?$/;
  return if $near =~ /(require|precondition|preconditionFailure|fatalError|assert)\([^;{}]*$/;
  return if $near =~ /help:\s*ArgumentHelp\(\s*$/ || $near =~ /\@available[^\n]*$/;
  $lines[$line] =~ /^(\s*)/;
  my $indent = length $1;
  my $condition = '';
  for (my $above = $line - 1; $above >= 0 && $above > $line - 60; $above--) {
    next if $lines[$above] =~ /^\s*(\/\/|$)/;
    $lines[$above] =~ /^(\s*)/;
    my $here = length $1;
    next unless $here < $indent;
    $indent = $here;
    if ($lines[$above] =~ /^\s*(\} else )?(if|guard|case|default|for|while|switch|\} catch)\b/ || $lines[$above] =~ /\?\s*$/) {
      $condition = $lines[$above];
      my $after = $above + 1;
      while ($condition !~ /[{:?]\s*$/ && $after < $line) { $condition .= ' ' . $lines[$after++]; }
      last;
    }
    if ($lines[$above] =~ /\b(func|init|var|let)\b.*\{\s*$/ || $lines[$above] =~ /^\s*\) .*\{\s*$/) {
      my $name = $lines[$above] =~ /\b(?:func|var)\s+(\w+)/ ? $1 : '';
      $condition = $name ne '' ? "always, in $name" : '';
      last;
    }
  }
  $condition =~ s/\s+/ /g;
  $condition =~ s/^ ?(\} )?| ?\{ ?$//g;
  $condition =~ s/\|/\\|/g;
  $words =~ s/\|/\\|/g;
  push @rows, "| $words | `$condition` |" unless $condition eq '';
  push @rows, "| $words | |" if $condition eq '';
}

while ($place < length $text) {
  my $next = substr($text, $place, 1);
  if (substr($text, $place, 2) eq '//') {
    my $stop = index($text, "\n", $place);
    $place = $stop < 0 ? length $text : $stop;
  } elsif ($next eq '#' && substr($text, $place, 2) eq '#"') {
    my $stop = index($text, '"#', $place + 2);
    $place = $stop < 0 ? length $text : $stop + 2;
  } elsif ($next eq '"') {
    my ($words, $behind) = literal($place);
    # Parts that are added stand as one.
    my $between = substr($text, $end, $place - $end);
    if ($said ne '' && $between =~ /^\s*\+\s*$/) {
      $said .= $words;
    } else {
      flush_row() if $said ne '';
      ($said, $from) = ($words, $place);
    }
    ($place, $end) = ($behind, $behind);
  } else {
    $place++;
  }
}
flush_row() if $said ne '';

if (@rows) {
  (my $short = $file) =~ s/^Sources\///;
  print "## $short\n\n| sentence | where |\n|---|---|\n", join("\n", @rows), "\n\n";
}
