using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>What a script does with one command: it replies, or calls <see cref="LoopbackConnection.HandleAsync"/>.</summary>
public delegate Task CommandScript(LoopbackConnection connection, string argument);

/// <summary>
/// A small real FTP server on loopback over one local folder, in the service of tests and of the demo. Every setting may
/// be changed while it runs and holds from the next connection, command or transfer on.
/// </summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private int _packetsOfSeveral;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<LoopbackConnection, Task> _connections = new();
    private readonly ConcurrentDictionary<string, CommandScript> _scripts = new(StringComparer.OrdinalIgnoreCase);
    private readonly CommandRecord _record = new();
    private readonly Task _accepting;
    private readonly bool _ownsRoot;
    private SslStreamCertificateContext? _certificate;
    private int _accepted;
    private int _dataHandshakes;
    private long _plainTextAfterAuth;
    private int _disposed;

    private LoopbackServer(string root, bool ownsRoot, IPAddress address, int port)
    {
        Folder = new ServedFolder(root, Synthetic);
        _ownsRoot = ownsRoot;
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(address, port));
            _listener.Listen(512);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>The address and port the server listens at.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The address as text: <c>127.0.0.1</c> or <c>::1</c>.</summary>
    public string Host => EndPoint.Address.ToString();

    /// <summary>The control port.</summary>
    public int Port => EndPoint.Port;

    /// <summary>The served local folder: <c>/</c> of the server.</summary>
    public string Root => Folder.Root;

    /// <summary>The one account's name.</summary>
    public string User { get; set; } = "tester";

    /// <summary>The one account's password; random unless set.</summary>
    public string Password { get; set; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>When set, PASS is answered 332 and the login ends with this ACCT.</summary>
    public string? Account { get; set; }

    /// <summary>Whether USER anonymous (or ftp) is let in with any password.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>The first reply, without the closing CRLF; null never greets.</summary>
    public string? Greeting { get; set; } = "220 FtpTools loopback server ready.";

    /// <summary>The directory that a login begins in.</summary>
    public string LoginDirectory { get; set; } = "/";

    /// <summary>The lines of FEAT; those of TLS come by themselves with a certificate. Without an MLST line, MLST and MLSD are unknown commands.</summary>
    public IList<string> Features { get; } =
    [
        "UTF8", "SIZE", "MDTM", "MFMT", "MLST type*;size*;modify*;", "EPSV", "EPRT", "REST STREAM", "TVFS",
    ];

    /// <summary>The encoding of names on the control connection and in listings.</summary>
    public Encoding Encoding { get; set; } = new UTF8Encoding(false);

    /// <summary>Whether each byte of a reply is sent as a segment of its own.</summary>
    public bool ReplyBytewise { get; set; }

    /// <summary>
    /// What is answered, once, to several commands in one packet, none of which is done; empty to hang up; null to read
    /// them apart.
    /// </summary>
    public string? OneCommandAPacket { get; set; }

    /// <summary>How many packets held several commands, as far as <see cref="OneCommandAPacket"/> was set.</summary>
    public int PacketsOfSeveral => _packetsOfSeveral;

    /// <summary>More connections than this are answered 421; null has no bound.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>Whether data connections may go to, and come from, others than the client (FXP). Servers refuse that by default.</summary>
    public bool AllowForeignData { get; set; }

    /// <summary>The address named in 227 replies in place of the true one.</summary>
    public IPAddress? PasvAddress { get; set; }

    /// <summary>How long a data connection may take to open before the reply is 425.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The faults of data connections.</summary>
    public DataFaults DataFaults { get; } = new();

    /// <summary>What is done otherwise with files and their names.</summary>
    public FileHabits Habits { get; } = new();

    /// <summary>The certificate with its private key; null is a server without TLS.</summary>
    public X509Certificate2? Certificate
    {
        get => _certificate?.TargetCertificate;
        // One context for all connections: the sessions that clients resume are kept with it.
        set => _certificate = value is null ? null : SslStreamCertificateContext.Create(value, null, offline: true);
    }

    /// <summary>Whether TLS comes before the greeting. Data connections are in plain text until PROT P all the same.</summary>
    public bool ImplicitTls { get; set; }

    /// <summary>The versions of TLS spoken; none chosen leaves it to the system.</summary>
    public SslProtocols TlsProtocols { get; set; }

    /// <summary>Whether a login before TLS is refused.</summary>
    public bool RequireTls { get; set; }

    /// <summary>The reply to such a login.</summary>
    public string TlsRequiredReply { get; set; } = "550 SSL/TLS required on the control channel";

    /// <summary>Whether a client must show a certificate, on control and data connections. Any will do.</summary>
    public bool RequireClientCertificate { get; set; }

    /// <summary>Whether CCC is granted; 533 if not.</summary>
    public bool AllowClearCommandChannel { get; set; } = true;

    /// <summary>
    /// Plain text sent in one write with the 234 reply, as one who sits in the middle would inject it; a client must not
    /// take it for a reply under TLS.
    /// </summary>
    public string? InjectAfterAuth { get; set; }

    /// <summary>The faults of data connections under TLS.</summary>
    public TlsFaults TlsFaults { get; } = new();

    /// <summary>The bytes that clients sent in plain text behind an AUTH that was granted. They were discarded.</summary>
    public long PlainTextAfterAuth => Interlocked.Read(ref _plainTextAfterAuth);

    /// <summary>The handshakes completed on data connections since the start.</summary>
    public int DataHandshakes => Volatile.Read(ref _dataHandshakes);

    /// <summary>Folders that exist in listings only: path to number of files (file000000.txt and on).</summary>
    public ConcurrentDictionary<string, int> Synthetic { get; } = new(StringComparer.Ordinal);

    /// <summary>How much later than UTC the times of LIST are.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>Stands at the end of each listing, with items of no form that a client could know; null for nothing.</summary>
    public string? OddLine { get; set; }

    /// <summary>Holds listings after some entries until released; null does not.</summary>
    public ListingGate? ListingGate { get; set; }

    /// <summary>The command lines received so far, of all connections, in order of arrival.</summary>
    public IReadOnlyList<string> Commands => _record.Lines;

    /// <summary>The control connections open now.</summary>
    public IReadOnlyList<LoopbackConnection> Connections => [.. _connections.Keys.OrderBy(c => c.Number)];

    /// <summary>The number of control connections open now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>The number of control connections accepted since the start, refused ones included.</summary>
    public int AcceptedCount => Volatile.Read(ref _accepted);

    internal ServedFolder Folder { get; }

    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Starts a server.</summary>
    /// <param name="root">The folder to serve; null makes an empty one that goes with the server.</param>
    /// <param name="address">A loopback address; null is 127.0.0.1.</param>
    /// <param name="port">The control port; 0 takes a free one.</param>
    public static LoopbackServer Start(string? root = null, IPAddress? address = null, int port = 0)
    {
        var folder = root ?? Directory.CreateTempSubdirectory("ftptools-server-").FullName;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' to serve.");
        address ??= IPAddress.Loopback;
        if (!IPAddress.IsLoopback(address))
            throw new ArgumentException($"'{address}' is not a loopback address.", nameof(address));
        return new LoopbackServer(folder, root is null, address, port);
    }

    /// <summary>Lets a script answer a verb in place of the server, before and after login.</summary>
    public void On(string verb, CommandScript script) => _scripts[verb] = script;

    /// <summary>Gives a verb back to the server.</summary>
    public void Off(string verb) => _scripts.TryRemove(verb, out _);

    /// <summary>Waits until a verb has been received the given number of times since the start.</summary>
    /// <returns>The command line.</returns>
    /// <exception cref="TimeoutException">It was not, within the bound.</exception>
    public Task<string> WaitForCommandAsync(string verb, TimeSpan bound, int count = 1) =>
        _record.WaitAsync(verb, count, bound);

    /// <summary>Ends every connection and transfer at once and waits until they have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
            connection.Drop();
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        if (_ownsRoot)
            ServedFolder.Delete(Root);
    }

    internal CommandScript? ScriptOf(string verb) => _scripts.GetValueOrDefault(verb);

    internal void Record(string line) => _record.Add(line);

    internal void NotePacketOfSeveral() => Interlocked.Increment(ref _packetsOfSeveral);

    internal void NotePlainTextAfterAuth(int count) => Interlocked.Add(ref _plainTextAfterAuth, count);

    internal void NoteDataHandshake() => Interlocked.Increment(ref _dataHandshakes);

    /// <exception cref="AuthenticationException">There is no certificate.</exception>
    internal SslServerAuthenticationOptions TlsOptions() => new()
    {
        ServerCertificateContext = _certificate ?? throw new AuthenticationException("The server has no certificate."),
        EnabledSslProtocols = TlsProtocols,
        ClientCertificateRequired = RequireClientCertificate,
        RemoteCertificateValidationCallback = RequireClientCertificate ? (_, certificate, _, _) => certificate is not null : null,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

#pragma warning disable CA5359 // A test server on loopback, which has nothing to lose.
    internal SslClientAuthenticationOptions TlsClientOptions() => new()
    {
        TargetHost = "another server",
        EnabledSslProtocols = TlsProtocols,
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };
#pragma warning restore CA5359

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                continue;
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            Serve(socket);
        }
    }

    private void Serve(Socket socket)
    {
        var connection = new LoopbackConnection(this, socket, Interlocked.Increment(ref _accepted));
        if (_connections.Count >= MaxConnections)
        {
            _ = connection.RefuseAsync("421 Too many connections");
            return;
        }

        // The task is held back until it is listed, so that its own removal never comes first.
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = RunAsync();
        listed.SetResult();

        async Task RunAsync()
        {
            await listed.Task.ConfigureAwait(false);
            try
            {
                await connection.RunAsync().ConfigureAwait(false);
            }
            finally
            {
                _connections.TryRemove(connection, out _);
            }
        }
    }
}
