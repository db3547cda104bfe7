using System;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <content>From the dialled connection to the logged-in one: greeting, TLS, account, protection, features.</content>
internal sealed partial class FtpConnection
{
    private TlsClient? _tls;
    private bool _isDataProtected;
    private (FtpErrorKind Kind, string Reason)? _closing;

    /// <summary>What TLS the control connection has agreed on; null in clear text.</summary>
    public FtpSecurity? Security => _tls?.Security;

    /// <summary>Connects, logs in and finds out what the server can do.</summary>
    public static async Task<FtpConnection> OpenAsync(FtpClientOptions options, SessionTraits traits, int number, CancellationToken cancellationToken)
    {
        var connection = await DialAsync(options, traits, number, cancellationToken).ConfigureAwait(false);
        try
        {
            await connection.LogInAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>True while TLS hides what is said from whoever listens on the way.</summary>
    public bool IsSecure => _control.Tls is not null;

    /// <summary>This end of the control connection.</summary>
    public IPEndPoint LocalEndPoint => _control.LocalEndPoint;

    /// <summary>The other end of the control connection; a proxy's when there is one.</summary>
    public IPEndPoint RemoteEndPoint => _control.RemoteEndPoint;

    /// <summary>Connects, and leaves all that comes after to the caller.</summary>
    public static async Task<FtpConnection> DialAsync(FtpClientOptions options, SessionTraits traits, int number, CancellationToken cancellationToken) =>
        new(await ControlConnection.OpenAsync(options, number, cancellationToken).ConfigureAwait(false), options, traits, number);

    /// <summary>All that comes between the dialled connection and the first command of the user.</summary>
    public async Task LogInAsync(CancellationToken cancellationToken)
    {
        if (_options.IsTlsImplicit)
            await SecureImplicitlyAsync(cancellationToken).ConfigureAwait(false);
        await GreetAsync(cancellationToken).ConfigureAwait(false);
        var isToBeTold = !_traits.HasNoTls && !_options.IsAnonymous;
        await SecureAsync(cancellationToken).ConfigureAwait(false);
        if (isToBeTold && _traits.HasNoTls)
            Warn($"{Server} offers no TLS, so the password and all files go over the network unencrypted. -Tls None says that this is meant; -Tls Explicit refuses such servers.");
        await AuthenticateAsync(cancellationToken).ConfigureAwait(false);
        await ProtectAsync(cancellationToken).ConfigureAwait(false);
        await LearnAsync(cancellationToken).ConfigureAwait(false);
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
            do
                reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            while (reply.IsPreliminary); // 120: ready in some minutes
        }
        catch (FtpConnectionException e) when (e.Kind == FtpErrorKind.Timeout && !_options.IsTlsImplicit)
        {
            throw e.Adding("A server that wants TLS from the first byte says nothing before it: -Tls Implicit.");
        }

        return reply.IsCompletion ? reply : throw FtpRefusal.Create("connect", reply, "connect", null, Server);
    }

    /// <summary>
    /// Turns to TLS (AUTH TLS, RFC 4217, 4). A session that began with TLS never goes on without; one that may do without
    /// and has found that the server has none does not ask again.
    /// </summary>
    /// <returns>The reply to AUTH; null when it was not asked.</returns>
    public async Task<FtpReply?> SecureAsync(CancellationToken cancellationToken)
    {
        if (_options.Tls == FtpTlsMode.None || _options.IsTlsImplicit || _traits.HasNoTls)
            return null;
        var reply = await ExchangeAsync("AUTH", "TLS", cancellationToken).ConfigureAwait(false);
        if (reply.Code == 504) // servers of the time before RFC 4217
            reply = await ExchangeAsync("AUTH", "SSL", cancellationToken).ConfigureAwait(false);
        if (reply.IsCompletion)
        {
            await UpgradeAsync(cancellationToken).ConfigureAwait(false);
            return reply;
        }

        if (_options.IsTlsRequired || _traits.Security is not null)
        {
            throw new FtpCommandException(
                FtpErrorKind.TlsFailed,
                $"{Server} offers no TLS: it answered '{reply}' to AUTH TLS. The password was not sent. It may have implicit TLS at port 990 (-Tls Implicit); -Tls None would send all in clear text.", reply);
        }

        _traits.HasNoTls = true;
        return reply;
    }

    /// <summary>Logs in (RFC 959, 6: USER, PASS, ACCT).</summary>
    public async Task<FtpReply> AuthenticateAsync(CancellationToken cancellationToken)
    {
        var reply = await ExchangeAsync("USER", _options.UserName, cancellationToken).ConfigureAwait(false);
        var verb = "USER";
        if (reply.Code == 331)
        {
            verb = "PASS";
            reply = await ExchangeAsync(verb, _options.Password, cancellationToken).ConfigureAwait(false);
        }

        if (reply.Code == 332 && _options.Account is not null)
        {
            verb = "ACCT";
            reply = await ExchangeAsync(verb, _options.Account, cancellationToken).ConfigureAwait(false);
        }

        if (!reply.IsCompletion)
        {
            throw !IsSecure && FtpRefusal.WantsTls(reply)
                ? new FtpCommandException(
                    FtpErrorKind.LoginFailed,
                    $"Could not log in as '{_options.UserName}' on {Server}: it wants the session to be encrypted, and answered '{reply}' to {verb}. Connect with -Tls Explicit, or with -Tls Implicit at port 990.", reply)
                : FtpRefusal.Create(verb, reply, $"log in as '{_options.UserName}'", null, Server);
        }

        _control.Trace(FtpLogLevel.Information, $"Logged in as '{_options.UserName}'.");
        return reply;
    }

    /// <summary>Has data connections encrypted (PBSZ 0, PROT P; RFC 4217, 8 and 9), and leaves TLS on the control connection if that is wanted (CCC).</summary>
    public async Task ProtectAsync(CancellationToken cancellationToken)
    {
        if (_tls is null)
            return;
        const string Task = "protect the data connections";
        await CommandAsync("PBSZ", "0", Task, null, cancellationToken).ConfigureAwait(false);
        _isDataProtected = _options.DataProtection == FtpDataProtection.Private;
        var reply = await ExchangeAsync("PROT", _isDataProtected ? "P" : "C", cancellationToken).ConfigureAwait(false);
        if (reply.IsNegative)
        {
            throw new FtpCommandException(
                FtpErrorKind.TlsFailed,
                $"Could not {Task} with {Server}: it answered '{reply}' to PROT {(_isDataProtected ? "P. -DataProtection Clear leaves files and listings unencrypted." : "C. -DataProtection Private encrypts them.")}", reply);
        }

        if (!_options.ClearCommandChannel)
            return;
        await CommandAsync("CCC", null, "leave TLS on the control connection", null, cancellationToken).ConfigureAwait(false);
        await _control.ClearAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks what the server can do (FEAT, SYST), unless another connection of the session has, and for UTF-8.</summary>
    public async Task<FtpFeatures> LearnAsync(CancellationToken cancellationToken)
    {
        if (_traits.Features is null)
        {
            var reply = await ExchangeAsync("FEAT", null, cancellationToken).ConfigureAwait(false);
            var features = reply.IsCompletion ? new FtpFeatures(reply) : FtpFeatures.None;
            if (!features.HasFacts)
            {
                reply = await ExchangeAsync("SYST", null, cancellationToken).ConfigureAwait(false);
                _traits.IsUnix = reply.IsCompletion && reply.Text.TrimStart().StartsWith("UNIX", StringComparison.OrdinalIgnoreCase);
            }

            _traits.Features = features;
        }

        // RFC 2640 makes UTF-8 the default; Windows servers want this to be said (draft-ietf-ftpext-utf-8-option).
        if (_options.Encoding is null && _traits.Features.Has("UTF8"))
            await ExchangeAsync("OPTS", "UTF8 ON", cancellationToken).ConfigureAwait(false);
        return _traits.Features;
    }

    /// <summary>
    /// Connects and logs in anew in the place of a control connection that was closed, or cannot go on as it is. No
    /// command is repeated, and nothing that was set on the old one but type and hash is relied upon: paths are absolute.
    /// </summary>
    private async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        _tls = null;
        _type = null;
        _isHashChosen = false;
        _isDataProtected = false;
        _owedNoops = 0;
        _isRestartOpen = false;
        _control = Prepare(await ControlConnection.OpenAsync(_options, _number, cancellationToken).ConfigureAwait(false));
        if (_closing is { } closing)
            throw _control.Fail(closing.Kind, closing.Reason, null);
        try
        {
            await LogInAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Or the session would take a connection that is not logged in for one that is.
            _control.Fail(FtpErrorKind.ConnectionLost, $"{Server} could not be logged in to again ({e.Message.TrimEnd('.')})", e);
            throw;
        }
    }

    private async Task UpgradeAsync(CancellationToken cancellationToken)
    {
        _tls = new TlsClient(_options, _traits.AvoidsTls13);
        await _control.SecureAsync(_tls, _options.IsTlsImplicit, cancellationToken).ConfigureAwait(false);
        _traits.Security = _tls.Security;
    }

    private ControlConnection Prepare(ControlConnection control)
    {
        if (_options.Encoding is not null)
            control.Encoding = Exact(_options.Encoding);
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
