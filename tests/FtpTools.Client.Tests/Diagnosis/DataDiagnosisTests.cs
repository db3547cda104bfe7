using System;
using System.Net;
using System.Net.Sockets;
using FtpTools.Diagnosis;
using Xunit;

namespace FtpTools.Tests.Diagnosis;

/// <summary>What stood in the way of a data connection, in plain words, with what can be done.</summary>
public sealed class DataDiagnosisTests
{
    private static readonly IPAddress _public = IPAddress.Parse("203.0.113.7");
    private static readonly IPAddress _private = IPAddress.Parse("10.1.2.3");

    [Fact]
    public void Passive_mode_that_works()
    {
        Says(Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Done, Error = null }, "Works: this computer can connect to the server (203.0.113.7:50001).");
        Says(
            Passive(FtpMode.Pasv) with { Stage = FtpDataStage.Done, Error = null, TlsVersion = "TLS 1.3", Resumed = true },
            "Works", "Secured by TLS 1.3, with the resumed session of the control connection.");
        Says(
            Passive(FtpMode.Pasv) with { Stage = FtpDataStage.Done, Error = null, TlsVersion = "TLS 1.2", Resumed = false },
            "Secured by TLS 1.2, with a session of its own, which this server accepts.");
        Says(Passive(FtpMode.Pasv) with { Stage = FtpDataStage.Done, Error = null, TlsVersion = "TLS 1.2" }, "Secured by TLS 1.2.");
    }

    [Fact]
    public void Active_mode_that_works() =>
        Says(
            Active(FtpMode.Port) with { Stage = FtpDataStage.Done, Used = "203.0.113.7:20", Error = null },
            "Works: the server can connect to this computer (203.0.113.7:20 to 203.0.113.99:50000).");

    [Fact]
    public void Active_mode_in_which_the_server_had_nothing_to_dial_for() =>
        Says(Active(FtpMode.Port) with { Stage = FtpDataStage.Done, Error = null }, "Works, without a data connection, because there was nothing to list.");

    [Fact]
    public void A_private_address_that_NAT_announced_and_that_was_not_believed()
    {
        var facts = Elsewhere(_private) with { Stage = FtpDataStage.Done, Error = null };
        Says(
            facts, "Works: this computer can connect to the server (203.0.113.7:50001).", "announced its private address 10.1.2.3", "NAT",
            "connected to the server's known address instead", "administrator", "configure the address that it announces");
    }

    [Fact]
    public void A_private_address_that_NAT_announced_and_ports_that_are_not_forwarded() =>
        Says(
            Elsewhere(_private) with { Stage = FtpDataStage.Open, TimedOut = true },
            "There was no response from 203.0.113.7:50001 within 10 seconds", "private address 10.1.2.3", "NAT", "forward its range of passive ports", "active mode");

    [Fact]
    public void Another_public_address() =>
        Says(
            Elsewhere(IPAddress.Parse("198.51.100.9")) with { Stage = FtpDataStage.Open, TimedOut = true },
            "announced 198.51.100.9, which isn't the address that this computer connected to", "use -TrustPassiveAddress to connect to it");

    [Fact]
    public void A_private_address_that_was_believed() =>
        Says(
            Elsewhere(_private) with { Stage = FtpDataStage.Open, TimedOut = true, Used = "10.1.2.3:50001" },
            "There was no response from 10.1.2.3:50001 within 10 seconds", "private address 10.1.2.3", "NAT", "This computer connected to it because of -TrustPassiveAddress. Omit this parameter.");

    [Theory]
    [InlineData(FtpMode.Epsv)]
    [InlineData(FtpMode.Pasv)]
    public void Passive_ports_that_a_firewall_drops(FtpMode mode) =>
        Says(
            Passive(mode) with { Stage = FtpDataStage.Open, TimedOut = true },
            "There was no response from 203.0.113.7:50001 within 10 seconds", "silently drops", "pasv_min_port", "PassivePorts", "active mode");

    [Theory]
    [InlineData(FtpMode.Epsv)]
    [InlineData(FtpMode.Pasv)]
    public void Passive_ports_that_a_firewall_rejects(FtpMode mode) =>
        Says(
            Passive(mode) with { Stage = FtpDataStage.Open, Socket = SocketError.ConnectionRefused },
            "203.0.113.7:50001 refused the connection immediately", "rejects", "pasv_min_port", "active mode");

    [Fact]
    public void Passive_ports_that_are_out_of_bounds() =>
        Says(Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Open, Socket = SocketError.HostUnreachable }, "could not be reached (HostUnreachable)", "connections to it aren't allowed");

    [Theory]
    [InlineData(FtpMode.Port)]
    [InlineData(FtpMode.Eprt)]
    public void A_firewall_of_the_client_that_drops_the_servers_call(FtpMode mode) =>
        Says(
            Active(mode) with { Stage = FtpDataStage.Open, TimedOut = true },
            $"The server accepted {mode.ToString().ToUpperInvariant()}, but its connection to 203.0.113.99:50000 didn't arrive within 10 seconds", "silently drops", "-ActivePortRange", "allow connections from 203.0.113.7 to that range", "passive mode");

    [Fact]
    public void A_firewall_of_the_client_that_rejects_the_servers_call() =>
        Says(
            Active(FtpMode.Port) with { Stage = FtpDataStage.Open, Reply = Reply("425 Failed to establish connection.") },
            "The server could not connect to 203.0.113.99:50000", "rejects connections from outside", "It replied '425 Failed to establish connection'. ", "-ActivePortRange", "passive mode");

    [Fact]
    public void A_private_address_that_this_side_announced_to_a_public_server()
    {
        var facts = Active(FtpMode.Port) with { Stage = FtpDataStage.Open, TimedOut = true, Announced = "10.1.2.3:50000", AnnouncedAddress = _private };
        Says(facts, "the address 10.1.2.3 is private, so", "passive mode");
        Assert.DoesNotContain("is private, so", DataDiagnosis.Of(facts with { Peer = IPAddress.Parse("10.9.9.9") }));
    }

    [Theory]
    [InlineData("500 Illegal PORT command.")] // vsftpd, ProFTPD
    [InlineData("500 I won't open a connection to 10.1.2.3 (only to 192.0.2.1)")] // Pure-FTPd
    public void NAT_in_front_of_the_client(string reply)
    {
        var facts = Active(FtpMode.Port) with { Stage = FtpDataStage.Announce, Reply = Reply(reply), Announced = "10.1.2.3:50000", AnnouncedAddress = _private };
        Says(
            facts, "PORT sent the address 10.1.2.3:50000, but the server sees this computer at another address, because there is NAT in between.",
            $"It replied '{reply.TrimEnd('.')}'. ", "FTP helper", "-ActiveAddress", "-ActivePortRange", "forward these ports to this computer", "passive mode");
        Assert.DoesNotContain("-ClearCommandChannel", DataDiagnosis.Of(facts));
        Says(facts with { IsHidden = true }, "can't read PORT because of TLS", "-ClearCommandChannel", "-ActiveAddress", "passive mode");
    }

    [Fact]
    public void EPRT_that_the_server_does_not_know() =>
        Says(Active(FtpMode.Eprt) with { Stage = FtpDataStage.Announce, Reply = Reply("500 Unknown command") }, "doesn't support EPRT", "It replied '500", "PORT does the same");

    [Fact]
    public void Active_mode_that_the_server_has_turned_off() =>
        Says(Active(FtpMode.Port) with { Stage = FtpDataStage.Announce, Reply = Reply("502 PORT not implemented.") }, "disabled active mode", "It replied '502", "passive mode");

    [Fact]
    public void Passive_mode_that_the_server_does_not_have()
    {
        Says(Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Announce, Reply = Reply("500 What?") }, "doesn't support EPSV", "It replied '500 What?'", "PASV");
        Says(Passive(FtpMode.Pasv) with { Stage = FtpDataStage.Announce, Reply = Reply("502 No.") }, "doesn't offer passive mode with PASV", "active mode");
    }

    [Theory]
    [InlineData(FtpMode.Epsv)]
    [InlineData(FtpMode.Port)]
    public void A_control_connection_that_an_inspecting_firewall_cuts(FtpMode mode) =>
        Says(
            (mode == FtpMode.Port ? Active(mode) : Passive(mode)) with { Stage = FtpDataStage.Announce, CostConnection = true },
            $"The control connection was lost when {mode.ToString().ToUpperInvariant()} was sent", "inspects FTP", "ALG", "-Tls Explicit");

    [Theory]
    [InlineData("522 SSL connection failed: session reuse required")]
    [InlineData("425 Unable to build data connection: Operation not permitted")]
    public void A_server_that_demands_session_reuse(string reply) =>
        Says(
            Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Transfer, TlsVersion = "TLS 1.3", Resumed = false, LacksReuse = true, Reply = Reply(reply) },
            $"'{reply}'", "requires data connections to resume the TLS session of the control connection", "-TlsVersion Tls12", "require_ssl_reuse=NO", "NoSessionReuseRequired");

    [Fact]
    public void TLS_that_fails_on_the_data_connection() =>
        Says(Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Secure, Reply = Reply("522 No.") }, "TLS on it failed", "It replied '522 No'. ", "The error.");

    [Theory]
    [InlineData("521 Data connection cannot be opened with this PROT setting.")]
    [InlineData("522 Data connections must be encrypted.")]
    public void Data_in_clear_text_that_the_server_does_not_take(string reply) =>
        Says(
            Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Transfer, Reply = Reply(reply), Error = Refused(FtpErrorKind.CommandRefused, reply) },
            "requires encrypted data connections", $"It replied '{reply.TrimEnd('.')}'. ", "Use TLS, and omit -DataProtection Clear");

    [Fact]
    public void A_connection_that_could_not_be_made_again()
    {
        var facts = Passive(FtpMode.Pasv) with { IsCutOff = true, CostConnection = true, Announced = null, AnnouncedAddress = null, Used = null };
        Says(facts, "PASV wasn't tried, because the connection could not be opened again. The error.");
        Assert.DoesNotContain("lost when", DataDiagnosis.Of(facts));
    }

    [Fact]
    public void A_refusal_that_is_not_the_data_connections()
    {
        var facts = Passive(FtpMode.Epsv) with
        {
            Stage = FtpDataStage.Transfer, Reply = Reply("550 Permission denied."), Error = Refused(FtpErrorKind.PermissionDenied, "550 Permission denied."),
        };
        Says(facts, "The data connection isn't the cause of the failure", "didn't list the directory", "It replied '550 Permission denied'. ", "with an upload", "use -Path");
        Says(facts with { IsUpload = true }, "The data connection isn't the cause of the failure", "didn't accept the file", "It replied '550 Permission denied'. ", "With -Path, specify a directory");
    }

    [Fact]
    public void A_data_connection_that_breaks() =>
        Says(Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Transfer, Reply = Reply("426 Aborted.") }, "opened, but was then lost", "The error.", "firewall");

    [Fact]
    public void What_this_side_cannot_do_is_not_laid_at_the_servers_door()
    {
        var text = DataDiagnosis.Of(Active(FtpMode.Port) with { Stage = FtpDataStage.Announce, Announced = null, AnnouncedAddress = null });
        Assert.Equal("The error.", text); // no port of the range is free, say
    }

    [Fact]
    public void A_reply_in_which_no_address_can_be_read() =>
        Assert.Equal("The error.", DataDiagnosis.Of(Passive(FtpMode.Pasv) with { Stage = FtpDataStage.Announce, Reply = Reply("227 Over there.") }));

    [Fact]
    public void A_proxy_that_cannot_dial_the_server()
    {
        // What the proxy said is in the error, and the socket is the proxy's.
        var facts = Passive(FtpMode.Epsv) with { Stage = FtpDataStage.Open, Used = "ftp.example:50001" };
        Says(facts, "The error.", "pasv_min_port");
        Assert.DoesNotContain("()", DataDiagnosis.Of(facts));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.254", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("192.169.1.1", false)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.127.255.254", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("169.254.1.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("203.0.113.7", false)]
    [InlineData("fd00::1", true)]
    [InlineData("fc00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("::1", true)]
    [InlineData("2001:db8::1", false)]
    public void Knows_private_addresses(string address, bool isPrivate) => Assert.Equal(isPrivate, DataDiagnosis.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public void Every_mode_stage_and_reply_has_words_and_an_end()
    {
        FtpReply?[] replies = [null, Reply("425 no"), Reply("426 no"), Reply("500 Illegal EPRT command."), Reply("550 no"), Reply("226 yes")];
        foreach (var mode in new[] { FtpMode.Epsv, FtpMode.Pasv, FtpMode.Port, FtpMode.Eprt })
        {
            foreach (var stage in Enum.GetValues<FtpDataStage>())
            {
                foreach (var reply in replies)
                {
                    for (var bits = 0; bits < 16; bits++)
                    {
                        var facts = (mode is FtpMode.Epsv or FtpMode.Pasv ? Passive(mode) : Active(mode)) with
                        {
                            Stage = stage,
                            Reply = reply,
                            TimedOut = (bits & 1) != 0,
                            IsHidden = (bits & 2) != 0,
                            CostConnection = (bits & 4) != 0,
                            LacksReuse = (bits & 8) != 0,
                            Used = stage == FtpDataStage.Announce ? null : "203.0.113.7:50001",
                        };
                        Assert.EndsWith(".", DataDiagnosis.Of(facts).TrimEnd(')', ' '));
                        Assert.DoesNotContain("  ", DataDiagnosis.Of(facts));
                    }
                }
            }
        }
    }

    private static DataFacts Passive(FtpMode mode) => new()
    {
        Mode = mode,
        Stage = FtpDataStage.Announce,
        Local = IPAddress.Parse("203.0.113.99"),
        Peer = _public,
        Timeout = TimeSpan.FromSeconds(10),
        Announced = mode == FtpMode.Pasv ? "203.0.113.7:50001" : "port 50001",
        AnnouncedAddress = mode == FtpMode.Pasv ? _public : null,
        Used = "203.0.113.7:50001",
        Error = new FtpException(FtpErrorKind.DataConnectionFailed, "The error."),
    };

    private static DataFacts Active(FtpMode mode) => Passive(mode) with
    {
        Announced = "203.0.113.99:50000",
        AnnouncedAddress = IPAddress.Parse("203.0.113.99"),
        Used = null,
    };

    private static DataFacts Elsewhere(IPAddress announced) => Passive(FtpMode.Pasv) with { Announced = $"{announced}:50001", AnnouncedAddress = announced };

    private static FtpCommandException Refused(FtpErrorKind kind, string reply) => new(kind, "The error.", Reply(reply));

    private static FtpReply Reply(string line) => new(int.Parse(line[..3]), [line[4..]]);

    private static void Says(DataFacts facts, params string[] words)
    {
        var text = DataDiagnosis.Of(facts);
        Assert.All(words, word => Assert.Contains(word, text));
    }
}
