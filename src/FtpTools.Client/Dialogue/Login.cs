using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>From the dialled connection to the logged-in one: greeting, TLS, account, protection, features; and all of it again in the place of a connection that was lost.</summary>
internal sealed class Login(ProtocolInterpreter pi, int number) : IDisposable
{
    private readonly FeatureDialogue _features = new(pi);
    private TlsClient? _tls;
    private bool _isSsl, _isGreetedAsLoggedIn;

    /// <summary>Whether data connections are to be encrypted.</summary>
    public bool IsDataProtected { get; private set; }

    /// <summary>The TLS of the control connection; null in clear text.</summary>
    public TlsClient? Tls => _tls;

    /// <summary>What TLS the control connection has agreed on; null in clear text.</summary>
    public FtpSecurity? Security => _tls?.Security;

    /// <summary>True while TLS hides what is said from whoever listens on the way.</summary>
    public bool IsSecure => pi.Control.Tls is not null;

    /// <summary>All that comes between the dialled connection and the first command of the user.</summary>
    public async Task LogInAsync(CancellationToken cancellationToken)
    {
        await AdmitAsync(cancellationToken).ConfigureAwait(false);
        await ProtectAsync(cancellationToken).ConfigureAwait(false);
        await LearnAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As far as the account.</summary>
    private async Task AdmitAsync(CancellationToken cancellationToken)
    {
        await BeGreetedAsync(cancellationToken).ConfigureAwait(false);
        var isToBeTold = !pi.Habits.Has(ServerHabit.NoTls) && !pi.Options.IsAnonymous;
        await SecureAsync(cancellationToken).ConfigureAwait(false);
        if (isToBeTold && pi.Habits.Has(ServerHabit.NoTls))
            pi.Trace(FtpLogLevel.Warning, $"{pi.Server} doesn't offer TLS, so the password and all files are sent unencrypted. To avoid this warning, use -Tls None. To refuse such servers, use -Tls Explicit.");
        await AuthenticateAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task BeGreetedAsync(CancellationToken cancellationToken)
    {
        if (pi.Options.IsTlsImplicit)
            await SecureImplicitlyAsync(cancellationToken).ConfigureAwait(false);
        await GreetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins with TLS, before the greeting, as implicit TLS has it.</summary>
    /// <returns>Null: the server says nothing about it.</returns>
    public async Task<FtpReply?> SecureImplicitlyAsync(CancellationToken cancellationToken)
    {
        await UpgradeAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Reads the greeting.</summary>
    public async Task<FtpReply> GreetAsync(CancellationToken cancellationToken)
    {
        FtpReply reply;
        try
        {
            // 120 says that it will be ready in some minutes; what it takes is the user's -TimeoutSec all the same.
            reply = await pi.Control.Greeting.TakeFinalAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FtpConnectionException e) when (e.Kind == FtpErrorKind.Timeout && !pi.Options.IsTlsImplicit)
        {
            throw e.Adding("If the server requires implicit TLS, use -Tls Implicit.");
        }

        pi.Habits.LearnFrom(reply);
        _isGreetedAsLoggedIn = reply.Code == 230;
        return reply.IsCompletion ? reply : throw FtpRefusal.Create("connect", reply, "connect", null, pi.Server);
    }

    /// <summary>
    /// Turns to TLS (AUTH TLS, RFC 4217, 4). A session that began with TLS never goes on without; one that may do without
    /// and has found that the server has none does not ask again.
    /// </summary>
    /// <returns>The reply to AUTH; null when it was not asked.</returns>
    public async Task<FtpReply?> SecureAsync(CancellationToken cancellationToken)
    {
        if (pi.Options.Tls == FtpTlsMode.None || pi.Options.IsTlsImplicit || pi.Habits.Has(ServerHabit.NoTls))
            return null;
        var isRequired = pi.Options.IsTlsRequired || pi.Traits.Security is not null;
        var reply = isRequired
            ? await pi.ExchangeAsync("AUTH", "TLS", cancellationToken).ConfigureAwait(false)
            : await TryAuthAsync(cancellationToken).ConfigureAwait(false);
        if (reply is null)
            return null;
        if (_isSsl = reply.Code is 501 or 504) // servers of the time before RFC 4217
            reply = await pi.ExchangeAsync("AUTH", "SSL", cancellationToken).ConfigureAwait(false);
        // 334 asks for the security data (RFC 2228, 3), which are TLS's own handshake.
        if (!FtpRefusal.IsRefusal("AUTH", reply) && (reply.IsCompletion || reply.Code == 334))
        {
            await UpgradeAsync(cancellationToken).ConfigureAwait(false);
            return reply;
        }

        if (isRequired)
        {
            throw new FtpCommandException(
                FtpErrorKind.TlsFailed,
                $"{pi.Server} doesn't offer TLS: it replied '{reply}' to AUTH TLS. The password wasn't sent. The server may offer implicit TLS at port 990 (-Tls Implicit). With -Tls None, everything would be sent in clear text.", reply);
        }

        pi.Habits.Learn(ServerHabit.NoTls, reply.ToString());
        return reply;
    }

    /// <summary>Asks for TLS where the session may do without.</summary>
    /// <returns>Null when the server leaves that unanswered; the connection is another one then, on which it has greeted.</returns>
    private async Task<FtpReply?> TryAuthAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (reply, silence) = await pi.ExchangeInShortAsync("AUTH", "TLS", cancellationToken).ConfigureAwait(false);
            if (reply is not null)
                return reply;
            pi.Habits.Learn(ServerHabit.NoTls, silence);
        }
        catch (FtpConnectionException e) when (e.Kind == FtpErrorKind.ConnectionLost && e.Reply is null)
        {
            // Whoever can cut the connection is not to choose that the password goes in clear text.
            throw e.Adding("This happened when TLS was asked for. If the server doesn't know TLS, use -Tls None; then everything is sent in clear text.");
        }

        await RedialAsync(cancellationToken).ConfigureAwait(false);
        await BeGreetedAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Logs in (RFC 959, 6: USER, PASS, ACCT).</summary>
    public async Task<FtpReply> AuthenticateAsync(CancellationToken cancellationToken)
    {
        var reply = await pi.ExchangeAsync("USER", pi.Options.UserName, cancellationToken).ConfigureAwait(false);
        // "230 Already logged in" was the greeting, and USER is one command too many.
        if (_isGreetedAsLoggedIn && reply.IsPermanentNegative && reply.Code < 504)
            return reply;
        var verb = "USER";
        if (reply.Code == 331)
        {
            verb = "PASS";
            reply = await pi.ExchangeAsync(verb, pi.Options.Password, cancellationToken).ConfigureAwait(false);
        }

        if (reply.Code == 332 && pi.Options.Account is not null)
        {
            verb = "ACCT";
            reply = await pi.ExchangeAsync(verb, pi.Options.Account, cancellationToken).ConfigureAwait(false);
        }

        if (!reply.IsCompletion)
        {
            throw !IsSecure && FtpRefusal.WantsTls(reply)
                ? new FtpCommandException(
                    FtpErrorKind.LoginFailed,
                    $"Could not log in as '{pi.Options.UserName}' on {pi.Server}: it requires an encrypted session, and replied '{reply}' to {verb}. Connect with -Tls Explicit, or with -Tls Implicit at port 990.", reply)
                : reply.Code == 332
                ? new FtpCommandException(
                    FtpErrorKind.LoginFailed,
                    $"Could not log in as '{pi.Options.UserName}' on {pi.Server}: it requires an account in addition to the user name and password, and replied '{reply}' to {verb}. Specify it with -Account.", reply)
                : FtpRefusal.Create(verb, reply, $"log in as '{pi.Options.UserName}'", null, pi.Server);
        }

        pi.Trace(FtpLogLevel.Information, $"Logged in as '{pi.Options.UserName}'.");
        return reply;
    }

    /// <summary>Has data connections encrypted (PBSZ 0, PROT P; RFC 4217, 8 and 9), and leaves TLS on the control connection if that is wanted (CCC).</summary>
    public async Task ProtectAsync(CancellationToken cancellationToken)
    {
        if (_tls is null)
            return;
        const string Task = "set the protection of the data connections";
        // A formality with TLS (RFC 4217, 8), which some servers refuse and grant PROT all the same.
        while (await pi.TryExchangeAsync("PBSZ", "0", cancellationToken).ConfigureAwait(false) is null && !pi.Control.IsOpen)
        {
            await RedialAsync(cancellationToken).ConfigureAwait(false);
            await AdmitAsync(cancellationToken).ConfigureAwait(false);
        }

        IsDataProtected = pi.Options.DataProtection == FtpDataProtection.Private;
        var reply = await pi.ExchangeAsync("PROT", IsDataProtected ? "P" : "C", cancellationToken).ConfigureAwait(false);
        // AUTH SSL and implicit TLS encrypt data from the first, and PROT may be unknown. Where they don't, the handshake fails.
        if (FtpRefusal.IsRefusal("PROT", reply) && IsDataProtected && (_isSsl || pi.Options.IsTlsImplicit) && FtpRefusal.IsUnknown(reply))
            pi.Trace(FtpLogLevel.Information, $"{pi.Server} doesn't know PROT. Data connections are taken to be encrypted.");
        else if (FtpRefusal.IsRefusal("PROT", reply))
        {
            throw new FtpCommandException(
                FtpErrorKind.TlsFailed,
                $"Could not {Task} with {pi.Server}: it replied '{reply}' to PROT {(IsDataProtected ? "P. To transfer files and listings unencrypted, use -DataProtection Clear." : "C. To encrypt them, use -DataProtection Private.")}", reply);
        }

        if (!pi.Options.ClearCommandChannel)
            return;
        await pi.CommandAsync("CCC", null, "end TLS on the control connection", null, cancellationToken).ConfigureAwait(false);
        await pi.Control.ClearAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks what the server can do, and says what else belongs to a login. A server that cannot bear it said in one write is logged in to again.</summary>
    public async Task<FtpFeatures> LearnAsync(CancellationToken cancellationToken)
    {
        if (!await _features.TryLearnAsync(cancellationToken).ConfigureAwait(false))
            await RenewAsync(cancellationToken).ConfigureAwait(false);
        await new NamingFormat(pi).SetAsync(cancellationToken).ConfigureAwait(false);
        return pi.Traits.Features!;
    }

    /// <summary>
    /// Connects and logs in anew in the place of a control connection that was closed, or cannot go on as it is. No
    /// command is repeated, and nothing that was said on the old one is relied upon: paths are absolute.
    /// </summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await RedialAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await LogInAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Or the session would take a connection that is not logged in for one that is.
            pi.Control.Fail(FtpErrorKind.ConnectionLost, $"The repeated login to {pi.Server} failed ({e.Message.TrimEnd('.')})", e);
            throw;
        }
    }

    /// <summary>Makes the connection again, where the last transfer cost it, or it is to go on at TLS 1.2.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (!pi.Control.IsOpen || IsToGoOnAtTls12)
            await RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on at TLS 1.2, with the next transfer, where 1.3 has left no session to resume.</summary>
    /// <param name="evidence">The refusal.</param>
    /// <returns>False when that is no way out: it is 1.2 already, or 1.3 was asked for.</returns>
    public bool FallBackToTls12(FtpReply? evidence)
    {
        if (!MayGoOnAtTls12)
            return false;
        pi.Habits.Learn(ServerHabit.NoTls13Reuse, $"{evidence}");
        return true;
    }

    /// <summary>Whether the connection is to be made again at TLS 1.2.</summary>
    public bool IsToGoOnAtTls12 => pi.Habits.Has(ServerHabit.NoTls13Reuse) && MayGoOnAtTls12;

    /// <summary>Gives up what belongs to the control connection's TLS.</summary>
    public void Dispose() => _tls?.Dispose();

    private bool MayGoOnAtTls12 => _tls is { IsTls13: true } && pi.Options.TlsVersion == FtpTlsVersion.Any;

    private async Task RedialAsync(CancellationToken cancellationToken)
    {
        pi.Dispose();
        Dispose();
        _tls = null;
        IsDataProtected = false;
        pi.Replace(await DialAsync(pi.Options, number, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Connects, and leaves all that comes after to <see cref="LogInAsync"/>.</summary>
    public static async Task<ControlConnection> DialAsync(FtpClientOptions options, int number, CancellationToken cancellationToken) =>
        Prepare(await ControlDial.ConnectAsync(options, number, cancellationToken).ConfigureAwait(false), options);

    private async Task UpgradeAsync(CancellationToken cancellationToken)
    {
        _tls = new TlsClient(pi.Options, pi.Habits.Has(ServerHabit.NoTls13Reuse));
        await pi.Control.SecureAsync(_tls, pi.Options.IsTlsImplicit, cancellationToken).ConfigureAwait(false);
        pi.Traits.Security = _tls.Security;
    }

    /// <summary>Has names written as the user says.</summary>
    public static ControlConnection Prepare(ControlConnection control, FtpClientOptions options)
    {
        if (options.Encoding is not null)
            control.Encoding = Exact(options.Encoding);
        return control;
    }

    /// <summary>
    /// The encoding without its substitutes for characters it does not have: with a "?" or a similar letter in its place,
    /// a name would become another file's.
    /// </summary>
    private static Encoding Exact(Encoding encoding)
    {
        var exact = (Encoding)encoding.Clone();
        exact.EncoderFallback = EncoderFallback.ExceptionFallback;
        exact.DecoderFallback = new DecoderReplacementFallback("\uFFFD");
        return exact;
    }
}
