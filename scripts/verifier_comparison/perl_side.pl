#!/usr/bin/perl
# Mail::SPF and Mail::DKIM (Debian libmail-spf-perl, libmail-dkim-perl), asked in this process with a resolver made from
# the case's zone. JSON lines in (id, kind, zone, at, message_file or ip, helo, mail_from), JSON lines out.
use strict;
use warnings;

our $now;
BEGIN { *CORE::GLOBAL::time = sub { defined $now ? $now : CORE::time() }; }

package FakeResolver;
use Net::DNS;

sub new {
    my ($class, $zone) = @_;
    my %names;
    push @{ $names{ key_of($_) } }, @{ $zone->{$_} } for keys %$zone;
    return bless { names => \%names, error => 'NOERROR' }, $class;
}
sub key_of { my $name = lc shift; $name =~ s/\.$//; return $name }
sub errorstring { return $_[0]{error} }

# Rows [type, value], or undef where this type fails.
sub rows {
    my ($self, $name, $type) = @_;
    my @entries = @{ $self->{names}{ key_of($name) } || [] };
    my $has_txt = grep { ref $_ && exists $_->{TXT} } @entries;
    my @found;
    for my $entry (@entries) {
        if (!ref $entry) {
            return undef if !grep { $_->[0] eq $type } @found;
            last;
        }
        my ($kind, $value) = %$entry;
        $kind = 'TXT' if $kind eq 'SPF' && !$has_txt;
        if (!ref $value) {
            return undef if $kind eq $type && $value =~ /^(TIMEOUT|SERVFAIL)$/;
            next if $value eq 'NONE';
        }
        push @found, [ $kind, $value ];
    }
    return [ grep { $_->[0] eq $type || $_->[0] eq 'CNAME' } @found ];
}

sub record {
    my ($name, $kind, $value) = @_;
    my %row = (name => $name, type => $kind, ttl => 60, class => 'IN');
    if ($kind eq 'TXT') {
        my @strings = map { my $s = $_; utf8::encode($s) if utf8::is_utf8($s); my @parts = $s =~ /(.{1,255})/gs; @parts ? @parts : ('') }
            ref $value ? @$value : ($value);
        return Net::DNS::RR->new(%row, txtdata => \@strings);
    }
    return Net::DNS::RR->new(%row, preference => $value->[0], exchange => $value->[1]) if $kind eq 'MX';
    return Net::DNS::RR->new(%row, ptrdname => $value) if $kind eq 'PTR';
    return Net::DNS::RR->new(%row, cname => $value) if $kind eq 'CNAME';
    return Net::DNS::RR->new(%row, address => $value);
}

sub send {
    my ($self, $name, $type) = @_;
    $self->{error} = 'NOERROR';
    my $packet = Net::DNS::Packet->new($name =~ /^[\x21-\x7e]+$/ ? $name : 'invalid.', $type);
    $packet->header->qr(1);
    my $at = $name;
    for my $depth (0 .. 10) {
        my $rows = $self->rows($at, $type);
        if (!defined $rows) { $self->{error} = 'query timed out'; return undef }
        if (!exists $self->{names}{ key_of($at) }) { $packet->header->rcode('NXDOMAIN'); $self->{error} = 'NXDOMAIN'; }
        my ($alias) = grep { $_->[0] eq 'CNAME' } @$rows;
        $packet->push(answer => record($at, @$_)) for @$rows;
        last if !$alias || $type eq 'CNAME';
        $at = $alias->[1];
    }
    return $packet;
}
*query = \&send;

package main;
use JSON::PP;
use Mail::SPF;
use Mail::DKIM::Verifier;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::DNS;

sub check_spf {
    my ($case) = @_;
    my $server = Mail::SPF::Server->new(dns_resolver => FakeResolver->new($case->{zone}), default_authority_explanation => 'DEFAULT');
    my ($scope, $identity) = $case->{mail_from} ne '' ? ('mfrom', $case->{mail_from}) : ('helo', $case->{helo});
    my $request = eval { Mail::SPF::Request->new(scope => $scope, identity => $identity, ip_address => $case->{ip}, helo_identity => $case->{helo}) };
    return { result => 'none', explanation => '', text => "$@" } if !$request;
    my $result = $server->process($request);
    my $text = $result->can('authority_explanation') ? eval { '' . $result->authority_explanation } : '';
    return { result => $result->code, explanation => $text // '' };
}

sub feed {
    my ($verifier, $file) = @_;
    open my $in, '<:raw', $file or die "$file: $!";
    while (my $line = <$in>) { $line =~ s/\r?\n\z//; $verifier->PRINT("$line\r\n"); }
    $verifier->CLOSE;
}

sub check_dkim {
    my ($case) = @_;
    Mail::DKIM::DNS::resolver(FakeResolver->new($case->{zone}));
    my $verifier = Mail::DKIM::Verifier->new(Strict => 1);
    eval { feed($verifier, $case->{message_file}); 1 } or return { signatures => [], text => "$@" };
    my @signatures = map { { result => $_->result, text => '' . ($_->result_detail // ''), is_domain_keys => ref($_) =~ /DkSignature/ ? \1 : \0 } }
        $verifier->signatures;
    return { signatures => \@signatures };
}

sub check_arc {
    my ($case) = @_;
    Mail::DKIM::DNS::resolver(FakeResolver->new($case->{zone}));
    my $verifier = Mail::DKIM::ARC::Verifier->new(Strict => 0);
    eval { feed($verifier, $case->{message_file}); 1 } or return { result => 'fail', text => "$@" };
    return { result => $verifier->result, text => '' . ($verifier->result_detail // '') };
}

my %checks = (spf => \&check_spf, dkim => \&check_dkim, arc => \&check_arc);
my $json = JSON::PP->new->canonical;
while (my $line = <STDIN>) {
    my $case = $json->decode($line);
    $now = $case->{at};
    my $answer = eval { $checks{ $case->{kind} }->($case) } || { result => 'error', text => "$@" };
    $answer->{id} = $case->{id};
    print $json->ascii->encode($answer), "\n";
}
