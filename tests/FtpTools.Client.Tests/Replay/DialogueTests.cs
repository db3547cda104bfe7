using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Dialogue;
using Xunit;

namespace FtpTools.Tests.Replay;

/// <summary>Whole dialogues with the greetings, words and habits of real servers, delivered in hostile chunks.</summary>
public sealed class DialogueTests
{
    private const string Vsftpd = """
        S: 220 (vsFTPd 3.0.3)
        C: USER ann
        S: 331 Please specify the password.
        C: PASS secret
        S: 230 Login successful.
        C: FEAT
        S: 211-Features:
        S:  EPSV
        S:  SIZE
        S: 211 End
        C: SYST
        S: 215 UNIX Type: L8
        C: TYPE I
        S: 200 Switching to Binary mode.
        """;

    private const string ProFtpd = """
        S: 220 ProFTPD Server ready
        C: USER ann
        S: 331 Password required for ann
        C: PASS secret
        S: 230-Welcome
        S: 230-  230 is not the end
        S: 230 User ann logged in
        C: FEAT
        S: 211-Features:
        S:  MLST modify*;size*;type*;
        S:  UTF8
        S: 211 End
        C: OPTS UTF8 ON
        S: 200 UTF8 set to on
        C: TYPE I
        S: 200 Type set to I
        """;

    public static TheoryData<int> Chunks => [1, 2, 3, 7, 4096];

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Logs_in_and_tells_the_directory(int chunk)
    {
        var (connection, stream) = Start(Vsftpd + "\nC: PWD\nS: 257 \"/a \"\"quoted\"\" dir\" is the current directory", chunk);
        await connection.Login.LogInAsync(CancellationToken.None);
        Assert.Equal("/a \"quoted\" dir", await connection.Directories.PrintWorkingDirectoryAsync(CancellationToken.None));
        Assert.True(stream.IsDone);
    }

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Finds_an_item_by_MLST(int chunk)
    {
        var (connection, stream) = Start(
            ProFtpd
            + "\nC: MLST /ñ/日本 [x].txt\nS: 250-Start of list\nS:  modify=20240131123456;size=7;type=file; /ñ/日本 [x].txt\nS: 250 End of list"
            + "\nC: MLST /nope\nS: 550 '/nope' cannot be listed\nC: MLST /secret\nS: 550 /secret: Permission denied", chunk);
        await connection.Login.LogInAsync(CancellationToken.None);
        var item = await connection.Listings.FindAsync("/ñ/日本 [x].txt", CancellationToken.None);
        Assert.NotNull(item);
        Assert.Equal(("日本 [x].txt", "/ñ/日本 [x].txt", 7L), (item.Name, item.FullName, item.Length));
        Assert.Equal(new DateTime(2024, 1, 31, 12, 34, 56, DateTimeKind.Utc), item.LastWriteTimeUtc);
        Assert.Null(await connection.Listings.FindAsync("/nope", CancellationToken.None));
        var error = await Assert.ThrowsAsync<FtpCommandException>(() => connection.Listings.FindAsync("/secret", CancellationToken.None));
        Assert.Equal("FtpPermissionDenied", error.ErrorId);
        Assert.True(stream.IsDone);
    }

    [Fact]
    public async Task Account_is_given_where_it_is_asked_for()
    {
        var (connection, stream) = Start("""
            S: 120 Ready in a minute
            S: 220 Ready
            C: USER ann
            S: 331 Password?
            C: PASS secret
            S: 332 Account?
            C: ACCT billing
            S: 230 In
            C: FEAT
            S: 500 FEAT not understood
            C: SYST
            S: 502 No SYST
            C: TYPE I
            S: 200 Yes
            """, 5);
        await connection.Login.LogInAsync(CancellationToken.None);
        Assert.True(stream.IsDone);
    }

    [Fact]
    public async Task Has_pyftpdlib_tell_the_permission()
    {
        var (connection, stream) = Start(
            """
            S: 220 pyftpdlib 1.5.7 ready.
            C: USER ann
            S: 331 Username ok, send password.
            C: PASS secret
            S: 230 Login successful.
            C: FEAT
            S: 211-Features supported:
            S:  MLST type*;perm*;size*;modify*;unix.mode;unix.uid;unix.gid;
            S:  UTF8
            S: 211 End FEAT.
            C: OPTS UTF8 ON
            S: 501 Unsupported command "UTF8".
            C: OPTS MLST type;perm;size;modify;unix.mode;unix.uid;unix.gid;
            S: 200 MLST OPTS type;perm;size;modify;unix.mode;unix.uid;unix.gid;
            C: TYPE I
            S: 200 Type set to: Binary.
            C: MLST /a
            S: 250-Listing "/a":
            S:  type=file;perm=radfwMT;size=7;modify=20240131123456;unix.mode=0o640;unix.uid=1;unix.gid=2; /a
            S: 250 End MLST.
            """, 3);
        await connection.Login.LogInAsync(CancellationToken.None);
        var item = await connection.Listings.FindAsync("/a", CancellationToken.None);
        Assert.Equal(("-rw-r-----", "1", "2", 7L), (item?.Permission, item?.Owner, item?.Group, item?.Length));
        Assert.True(stream.IsDone);
    }

    [Theory]
    [InlineData("S: 220 Ready\nC: USER ann\nS: 331 Password?\nC: PASS secret\nS: 530 Login incorrect.", "FtpLoginFailed", "530 Login incorrect.")]
    [InlineData("S: 220 Ready\nC: USER ann\nS: 530 This server is anonymous only.", "FtpLoginFailed", "anonymous only")]
    [InlineData("S: 421 Too many users", "FtpConnectionLost", "421 Too many users")]
    [InlineData("S: 220 Ready\nC: USER ann\nS: (closes)", "FtpConnectionLost", "closed")]
    [InlineData("S: SSH-2.0-OpenSSH_9.2", "FtpConnectionLost", "whether this is an FTP server")]
    public async Task A_refused_login_says_why(string script, string id, string words)
    {
        var (connection, _) = Start(script, 3);
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => connection.Login.LogInAsync(CancellationToken.None));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("secret", error.ToString());
    }

    [Theory]
    [InlineData("550 Failed to open file.", "FtpPathNotFound")] // vsftpd
    [InlineData("550 /x: No such file or directory", "FtpPathNotFound")] // ProFTPD
    [InlineData("550 Can't check for file existence", "FtpPathNotFound")] // Pure-FTPd
    [InlineData("550 The system cannot find the file specified.", "FtpPathNotFound")] // IIS
    [InlineData("550 Permission denied.", "FtpPermissionDenied")]
    [InlineData("550 Access is denied.", "FtpPermissionDenied")]
    [InlineData("530 Please login with USER and PASS.", "FtpPermissionDenied")]
    [InlineData("500 CWD not understood", "FtpCommandNotSupported")]
    [InlineData("552 Quota exceeded", "FtpDiskFull")]
    [InlineData("450 Busy", "FtpCommandRefused")]
    public async Task A_refusal_gets_the_id_that_fits_its_words(string reply, string id)
    {
        var (connection, stream) = Start(Vsftpd + $"\nC: CWD /x\nS: {reply}\nC: NOOP\nS: 200 Zzz", 2);
        await connection.Login.LogInAsync(CancellationToken.None);
        var error = await Assert.ThrowsAsync<FtpCommandException>(() => connection.Directories.ChangeDirectoryAsync("/x", "list '/x'", CancellationToken.None));
        Assert.Equal(id, error.ErrorId);
        Assert.Equal("/x", error.Path);
        Assert.Contains(reply, error.Message);
        Assert.Contains("list '/x'", error.Message);
        await connection.KeepAliveAsync(CancellationToken.None);
        Assert.True(connection.IsOpen);
        Assert.True(stream.IsDone);
    }

    [Theory]
    [InlineData("550 /already/quota/not found: Permission denied", "FtpPermissionDenied")] // ProFTPD
    [InlineData("550 not found: Permission denied", "FtpPermissionDenied")]
    [InlineData("550 Could not delete /already/quota/not found: No such file or directory", "FtpPathNotFound")] // Pure-FTPd
    [InlineData("553 Can't open /already/quota/.ftptools-0.part: Permission denied", "FtpPermissionDenied")]
    public void A_refusal_gets_no_id_from_the_words_in_a_path(string reply, string id) =>
        Assert.Equal(id, FtpRefusal.Create("STOR", new FtpReply(int.Parse(reply[..3]), [reply[4..]]), "do", "/already/quota/not found", "server").ErrorId);

    [Fact]
    public async Task A_421_closes_and_the_next_caller_hears_why()
    {
        var (connection, _) = Start(Vsftpd + "\nC: NOOP\nS: 421 Timeout.", 1);
        await connection.Login.LogInAsync(CancellationToken.None);
        var first = await Assert.ThrowsAsync<FtpConnectionException>(() => connection.KeepAliveAsync(CancellationToken.None));
        var second = await Assert.ThrowsAsync<FtpConnectionException>(() => connection.KeepAliveAsync(CancellationToken.None));
        Assert.False(connection.IsOpen);
        Assert.Contains("421 Timeout.", first.Message);
        Assert.Equal(first.Message, second.Message);
    }

    [Fact]
    public async Task A_cancelled_command_that_is_answered_in_time_leaves_the_connection_in_sync()
    {
        var (connection, stream) = Start(Vsftpd + "\nC: CWD /x\nS: 250 OK\nC: NOOP\nS: 200 Zzz", 1);
        await connection.Login.LogInAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.Directories.ChangeDirectoryAsync("/x", "go", stop.Token));
        await connection.Directories.ChangeDirectoryAsync("/x", "go", CancellationToken.None);
        await connection.KeepAliveAsync(CancellationToken.None);
        Assert.True(stream.IsDone);
    }

    [Fact]
    public async Task The_type_is_set_once_at_login_and_size_is_asked_in_binary()
    {
        var (connection, stream) = Start(
            Vsftpd + "\nC: SIZE /a\nS: 213 12\nC: SIZE /b\nS: 550 Could not get file size.\nC: SIZE /c\nS: 500 Unknown", 4);
        await connection.Login.LogInAsync(CancellationToken.None);
        Assert.Equal(12, await connection.Files.SizeAsync("/a", CancellationToken.None));
        Assert.Null(await connection.Files.SizeAsync("/b", CancellationToken.None));
        Assert.Null(await connection.Files.SizeAsync("/c", CancellationToken.None));
        Assert.Null(await connection.Files.SizeAsync("/d", CancellationToken.None)); // not asked any more
        Assert.True(stream.IsDone);
    }

    private static (FtpConnection Connection, ReplayStream Stream) Start(string script, int chunk)
    {
        var stream = new ReplayStream(script, chunk);
        var options = new FtpClientOptions { ComputerName = "server", UserName = "ann", Password = "secret", Account = "billing", Tls = FtpTlsMode.None, Timeout = TimeSpan.FromSeconds(5) };
        return (new FtpConnection(new ControlConnection(stream, null, "server:21#1", options.Timeout, null), options, new SessionTraits(options)), stream);
    }
}
