using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Diagnosis;

/// <summary>
/// Walks from a server's name to a data connection in every mode, on a control connection of its own, and tells of each
/// step as it goes. Nothing but a cancel ends it with an exception: what fails is what it is there to tell.
/// </summary>
internal sealed class ConnectionProbe(FtpClientOptions options, bool isOfSession, string? directory, Action<FtpConnectionTest> onTest)
{
    private const int UploadSize = 32768;

    private readonly SessionTraits _traits = new(options);
    private readonly List<FtpConnectionTest> _tests = [];
    private readonly HashSet<string> _habitsTold = new(StringComparer.Ordinal);
    private readonly Stopwatch _watch = new();

    /// <summary>Walks.</summary>
    /// <param name="mode">The mode whose commands to try; Auto for all.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async Task RunAsync(FtpMode mode, CancellationToken cancellationToken)
    {
        if (!await ResolveAsync(cancellationToken).ConfigureAwait(false))
            return;
        FtpConnection? connection = null;
        if (!await StepAsync(
            FtpTestStep.Connect, null,
            async () =>
            {
                connection = await FtpConnection.DialAsync(options, _traits, 1, cancellationToken).ConfigureAwait(false);
                return new Finding($"Connected from {connection.LocalEndPoint} to {connection.RemoteEndPoint}.") { Used = connection.RemoteEndPoint.ToString() };
            },
            e => ControlDiagnosis.OfConnect(e, options)).ConfigureAwait(false))
            return;
        using (connection)
        {
            if (await LogInAsync(connection!, cancellationToken).ConfigureAwait(false))
            {
                foreach (var rung in Rungs(mode))
                    await TryAsync(connection!, rung, cancellationToken).ConfigureAwait(false);
                await EnterAsync(connection!, cancellationToken).ConfigureAwait(false);
                var recommendation = Recommendation.Of(options, isOfSession, _traits.Security, _tests);
                Tell(recommendation with { Diagnosis = recommendation.Diagnosis + NewHabits() });
                await connection!.QuitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static IEnumerable<FtpMode> Rungs(FtpMode mode) => mode switch
    {
        FtpMode.Auto => [FtpMode.Epsv, FtpMode.Pasv, FtpMode.Port, FtpMode.Eprt],
        FtpMode.Passive => [FtpMode.Epsv, FtpMode.Pasv],
        FtpMode.Active => [FtpMode.Port, FtpMode.Eprt],
        _ => [mode],
    };

    private async Task<bool> ResolveAsync(CancellationToken cancellationToken)
    {
        if (options.Proxy is not null || IPAddress.TryParse(options.ComputerName, out _))
            return true;
        return await StepAsync(
            FtpTestStep.Resolve, null,
            async () =>
            {
                var addresses = await Dns.GetHostAddressesAsync(options.ComputerName).WaitAsync(options.Timeout, cancellationToken).ConfigureAwait(false);
                return new Finding($"The name resolves to {string.Join(", ", addresses.Select(address => address.ToString()))}.");
            },
            e => $"The name '{options.ComputerName}' could not be resolved ({e.Message.TrimEnd('.')}). Check its spelling, and whether the DNS server of this computer knows it.").ConfigureAwait(false);
    }

    private async Task<bool> LogInAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        if (options.IsTlsImplicit && !await SecureAsync(connection, cancellationToken).ConfigureAwait(false))
            return false;
        if (!await StepAsync(FtpTestStep.Greeting, null, async () => Heard(await connection.Login.GreetAsync(cancellationToken).ConfigureAwait(false)), ControlDiagnosis.OfGreeting).ConfigureAwait(false))
            return false;
        if (!options.IsTlsImplicit && options.Tls != FtpTlsMode.None && !await SecureAsync(connection, cancellationToken).ConfigureAwait(false))
            return false;
        if (!await StepAsync(
            FtpTestStep.Login, "USER",
            async () =>
            {
                var reply = await connection.Login.AuthenticateAsync(cancellationToken).ConfigureAwait(false);
                await connection.Login.ProtectAsync(cancellationToken).ConfigureAwait(false);
                return Heard(reply, $"Logged in as '{options.UserName}'.");
            },
            e => e.Message).ConfigureAwait(false))
            return false;
        return await StepAsync(
            FtpTestStep.Features, "FEAT",
            async () =>
            {
                var features = await connection.Login.LearnAsync(cancellationToken).ConfigureAwait(false);
                if (options.InitialDirectory is { Length: > 0 } start)
                    await connection.Directories.ChangeDirectoryAsync(start, $"open the initial directory '{start}'", cancellationToken).ConfigureAwait(false);
                return new Finding($"Listings use {(features.HasFacts ? "MLSD" : "LIST")}. {(features.Names.Count == 0 ? "The server reports no features." : $"The server reports these features: {string.Join(", ", features.Names)}.")}{NewHabits()}");
            },
            e => e.Message).ConfigureAwait(false);
    }

    private static Finding Heard(FtpReply reply, string? words = null)
    {
        words ??= $"The greeting of the server is '{(reply.Text.Length > 80 ? reply.Text.Substring(0, 80) + "..." : reply.Text).TrimEnd('.')}'.";
        // "220 **************": a Cisco firewall's "fixup" blots out what it does not like.
        var isBlotted = reply.Text.Count(c => c == '*') > 10;
        return new Finding(isBlotted ? words + " Its text is masked: a firewall inspects the control connection and modifies it." : words) { Reply = reply.ToString() };
    }

    private Task<bool> SecureAsync(FtpConnection connection, CancellationToken cancellationToken) =>
        StepAsync(
            FtpTestStep.Tls, options.IsTlsImplicit ? null : "AUTH TLS",
            async () =>
            {
                var reply = options.IsTlsImplicit ? await connection.Login.SecureImplicitlyAsync(cancellationToken).ConfigureAwait(false) : await connection.Login.SecureAsync(cancellationToken).ConfigureAwait(false);
                return connection.Login.Security is { } security
                    ? new Finding(FormattableString.Invariant($"{security}. Certificate of {security.GetCertificate().Subject}, valid until {security.GetCertificate().NotAfter.ToUniversalTime():yyyy-MM-dd}, SHA-256 fingerprint {security.Thumbprint}{(options.SkipCertificateCheck ? "; it wasn't checked (-SkipCertificateCheck)" : "")}.")) { Reply = reply?.ToString() }
                    : new Finding("The server doesn't offer TLS. The password and files are sent unencrypted.") { Reply = reply?.ToString(), Succeeded = null };
            },
            e => e is FtpConnectionException { Kind: FtpErrorKind.ConnectionLost }
                ? $"The control connection was lost after AUTH TLS. {e.Message} A firewall that inspects FTP may be blocking TLS. Have the inspection disabled for this server."
                : e.Message);

    private async Task TryAsync(FtpConnection connection, FtpMode mode, CancellationToken cancellationToken)
    {
        var isSix = connection.RemoteEndPoint.AddressFamily == AddressFamily.InterNetworkV6 && options.Proxy is null;
        // Of PASV over IPv6 the port is of use, for a server that does not know EPSV.
        var isReplaced = mode == FtpMode.Pasv && _tests.Exists(static test => test is { Step: FtpTestStep.Listing, Mode: FtpMode.Epsv, Succeeded: true });
        var impossible =
            options.Proxy is not null && mode is FtpMode.Port or FtpMode.Eprt ? "A server can't connect to this computer through a proxy."
            : isSix && (mode == FtpMode.Port || isReplaced) ? $"{mode.ToString().ToUpperInvariant()} can contain only IPv4 addresses, but the server is connected over IPv6. {(isReplaced ? "EPSV" : "EPRT")} is its successor (RFC 2428)."
            : null;
        if (impossible is not null)
        {
            Tell(New(FtpTestStep.Listing) with { Mode = mode, Command = mode.ToString().ToUpperInvariant(), Diagnosis = "Not tried. " + impossible });
            return;
        }

        await TransferAsync(connection, mode, FtpTestStep.Listing, attempt => connection.Probes.ListAsync(attempt, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (directory is null || _tests[_tests.Count - 1] is { Succeeded: not true, Stage: < FtpDataStage.Transfer })
            return;
        var path = FtpPath.Child(FtpPath.Combine("/", directory), new PartName("", null, null).New());
        await TransferAsync(connection, mode, FtpTestStep.Upload, attempt => connection.Probes.UploadAsync(path, UploadSize, attempt, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes to the directory, where it is not known how the server takes that. It is done last, for the listings are of the directory that it stands in.</summary>
    private async Task EnterAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        if (directory is null || !connection.IsOpen || connection.Habits.IsAbsoluteCwdKnown)
            return;
        try
        {
            await connection.Directories.ChangeDirectoryAsync(FtpPath.Combine("/", directory), $"change to the directory '{directory}'", cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException)
        {
            // The uploads have told what there is to say of the directory.
        }
    }

    private async Task TransferAsync(FtpConnection connection, FtpMode mode, FtpTestStep step, Func<DataAttempt, Task> work, CancellationToken cancellationToken)
    {
        _watch.Restart();
        DataAttempt attempt;
        FtpException? error;
        bool again, isCutOff;
        do
        {
            attempt = new DataAttempt(mode);
            error = null;
            isCutOff = true;
            try
            {
                await connection.Login.RestoreAsync(cancellationToken).ConfigureAwait(false);
                isCutOff = false;
                await work(attempt).ConfigureAwait(false);
            }
            catch (FtpException e)
            {
                error = e;
            }

            again = error is not null && attempt.LacksReuse && connection.Login.FallBackToTls12(attempt.Reply);
        }
        while (again);

        cancellationToken.ThrowIfCancellationRequested();
        Tell(connection, step, attempt, error, isCutOff);
    }

    /// <summary>Tells of a transfer what is known of it, and what follows from that.</summary>
    private void Tell(FtpConnection connection, FtpTestStep step, DataAttempt attempt, FtpException? error, bool isCutOff)
    {
        var facts = new DataFacts
        {
            Mode = attempt.Mode,
            Stage = attempt.Stage,
            Local = connection.LocalEndPoint.Address,
            Peer = connection.RemoteEndPoint.Address,
            Timeout = options.DataTimeout,
            Announced = attempt.Announced,
            // A proxy dials the server by its name, and whose the announced address is cannot be known here.
            AnnouncedAddress = options.Proxy is null ? attempt.AnnouncedAddress : null,
            Used = attempt.Used,
            Reply = attempt.Reply,
            TimedOut = attempt.TimedOut,
            Socket = (error?.InnerException as SocketException)?.SocketErrorCode,
            IsHidden = connection.Login.IsSecure,
            IsCutOff = isCutOff,
            CostConnection = error is FtpConnectionException,
            LacksReuse = attempt.LacksReuse,
            TlsVersion = attempt.TlsVersion,
            Resumed = attempt.Resumed,
            Error = error,
            IsUpload = step == FtpTestStep.Upload,
        };
        Tell(New(step) with
        {
            Mode = attempt.Mode,
            Command = facts.Verb,
            Succeeded = error is null,
            Stage = attempt.Stage,
            Elapsed = _watch.Elapsed,
            Announced = attempt.Announced,
            Used = attempt.Used,
            Resumed = attempt.Resumed,
            Reply = attempt.Reply?.ToString(),
            Diagnosis = DataDiagnosis.Of(facts) + NewHabits(),
            Failure = error,
        });
    }

    /// <summary>What was learnt of the server since this was last told: a habit of its is not to be taken for a firewall's doing.</summary>
    private string NewHabits()
    {
        var habits = _traits.Habits.Learnt.Where(habit => _habitsTold.Add(habit.Name)).ToList();
        // That it offers no TLS has a step of its own.
        return string.Concat(habits.Where(habit => habit.Name != ServerHabits.Facts[ServerHabit.NoTls].Name).Select(habit => $" This server {habit.Name} ('{habit.Evidence}'): {habit.Instead}."));
    }

    private async Task<bool> StepAsync(FtpTestStep step, string? command, Func<Task<Finding>> work, Func<Exception, string> explain)
    {
        _watch.Restart();
        try
        {
            var finding = await work().ConfigureAwait(false);
            Tell(New(step) with
            {
                Command = command,
                Succeeded = finding.Succeeded,
                Elapsed = _watch.Elapsed,
                Used = finding.Used,
                Reply = finding.Reply,
                Diagnosis = finding.Words,
            });
            return true;
        }
        catch (Exception e) when (e is FtpException or SocketException or TimeoutException)
        {
            var error = e as FtpException ?? new FtpException(FtpErrorKind.HostUnreachable, e.Message, null, e);
            Tell(New(step) with
            {
                Command = command,
                Succeeded = false,
                Elapsed = _watch.Elapsed,
                Reply = ((e as FtpCommandException)?.Reply ?? (e as FtpConnectionException)?.Reply)?.ToString(),
                Diagnosis = explain(e),
                Failure = error,
            });
            return false;
        }
    }

    private FtpConnectionTest New(FtpTestStep step) => new() { ComputerName = options.ComputerName, Port = options.Port, Step = step };

    private void Tell(FtpConnectionTest test)
    {
        _tests.Add(test);
        onTest(test);
    }

    private sealed record Finding(string Words)
    {
        public bool? Succeeded { get; init; } = true;

        public string? Used { get; init; }

        public string? Reply { get; init; }
    }
}
