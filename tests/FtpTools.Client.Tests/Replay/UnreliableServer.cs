using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Replay;

/// <summary>
/// A server in memory, and the wire to it. What it does with each command is chosen from outside, out of all that servers
/// have been seen to do: it answers, refuses, says too much or nothing, or hangs up. Each of its replies names the command
/// that it is the reply to. Bytes arrive as <see cref="Deliver"/> says and at no other time, so that whoever drives it has
/// every interleaving in his hand.
/// </summary>
/// <param name="choose">Chooses one of so many; 0 is what a good server does.</param>
/// <param name="trace">Takes down what happens; null for nobody.</param>
internal sealed class UnreliableServer(Func<int, int> choose, Action<string>? trace) : Stream
{
    private readonly Lock _lock = new();
    private readonly List<byte> _way = [];
    private readonly HashSet<long> _seams = [];
    private readonly List<string> _held = [];
    private readonly Queue<string> _waiting = new();
    private long _delivered;
    private long _said;
    private TaskCompletionSource<int>? _reading;
    private ArraySegment<byte> _target;
    private string? _renameFrom;
    private string? _stuck;
    private int _serial;
    private bool _isSilent;
    private bool _hasHungUp;
    private bool _isDisposed;

    /// <summary>All that was asked for, in order.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>What was asked for and done.</summary>
    public HashSet<string> Done { get; } = new(StringComparer.Ordinal);

    /// <summary>True while the client waits for bytes.</summary>
    public bool IsAwaited { get { lock (_lock) return _reading is not null; } }

    /// <summary>True while bytes are on their way.</summary>
    public bool HasMore { get { lock (_lock) return _way.Count > 0; } }

    /// <summary>True for a server that does nothing but its duty from now on.</summary>
    public bool IsGood { get; set; }

    /// <summary>True when NOOPs will come in the midst of the next transfer: it then ends with no code that one of theirs could have.</summary>
    public bool ExpectsNoops { get; set; }

    /// <summary>The reply to a command, by which the test knows it again.</summary>
    public static string Mark(string command) => $"<{command}>";

    /// <summary>The size of the file of a path that ends in a number.</summary>
    public static long SizeOf(string path) => (long.Parse(path.TrimStart('/')) * 1000) + 7;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Has so many bytes arrive, at least one. What comes unasked arrives with the last byte before it, for later it could be told by nobody.</summary>
    public void Deliver(int count)
    {
        TaskCompletionSource<int> reading;
        lock (_lock)
        {
            count = Math.Min(count, _way.Count);
            if (_seams.Contains(_delivered + count))
                count++;
            _way.CopyTo(0, _target.Array!, _target.Offset, count);
            _way.RemoveRange(0, count);
            _delivered += count;
            (reading, _reading) = (_reading!, null);
        }

        trace?.Invoke($"({count} bytes arrive)");
        reading.SetResult(count);
    }

    /// <summary>Says what no command has asked for.</summary>
    public void SayUnasked(string line) => Say(line, isUnasked: false);

    /// <summary>Says something more where it was about to say nothing: the end of a transfer that hangs, or its beginning once more, as Pure-FTPd does.</summary>
    /// <returns>False when there is nothing to say.</returns>
    public bool TrySayMore(bool isEnd)
    {
        if (_stuck is not { } command || _isSilent || _hasHungUp)
            return false;
        Say(isEnd ? $"226 {Mark(command)}" : $"150 {Mark(command)}", false);
        if (isEnd)
            EndTransfer();
        return true;
    }

    /// <summary>Closes the connection.</summary>
    public void HangUp()
    {
        trace?.Invoke("(hangs up)");
        TaskCompletionSource<int>? reading;
        lock (_lock)
        {
            _hasHungUp = true;
            (reading, _reading) = (_way.Count > 0 ? null : _reading, _way.Count > 0 ? _reading : null);
        }

        reading?.SetResult(0);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_hasHungUp && _way.Count == 0)
                return Task.FromResult(0);
            Assert.Null(_reading);
            _target = new ArraySegment<byte>(buffer, offset, count);
            // What waits for it goes on at once, on the thread that delivers.
            _reading = new TaskCompletionSource<int>();
            return _reading.Task;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        lock (_lock)
            ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_hasHungUp && choose(2) == 1)
            throw new IOException("broken pipe");
        var text = Encoding.UTF8.GetString(buffer, offset, count);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        var commands = text.Split("\r\n")[..^1];
        for (var i = 0; i < commands.Length; i++)
        {
            _serial++;
            Commands.Add(commands[i]);
            trace?.Invoke($"C: {commands[i]}");
            if (!_isSilent && !_hasHungUp)
                Answer(commands[i], i == commands.Length - 1);
        }

        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        TaskCompletionSource<int>? reading;
        lock (_lock)
        {
            _isDisposed = true;
            (reading, _reading) = (_reading, null);
        }

        reading?.SetException(new ObjectDisposedException(nameof(UnreliableServer)));
    }

    private void Answer(string command, bool isLast)
    {
        var verb = command.Split(' ')[0];
        var isTransfer = verb is "RETR" or "STOR";
        var way = IsGood ? 0 : choose(128);
        switch (verb)
        {
            case "ABOR":
                Abort(command, way);
                return;
            case "NOOP" or "EPSV" when _stuck is not null:
                // In the midst of a transfer: at once, or after its end.
                var reply = $"{(verb == "NOOP" ? 200 : 229)} {Mark(command)}";
                if (way % 2 == 1)
                    Say(reply, false);
                else
                    _held.Add(reply);
                return;
            case var _ when _stuck is not null:
                _waiting.Enqueue(command);
                return;
        }

        switch (way)
        {
            case 16 or 17:
                Say($"{(way == 16 ? 450 : 550)} {Mark(command)}", false);
                return;
            case 20:
                Say($"331 {Mark(command)}", false);
                return;
            case 23:
                Say("421 Too long", false);
                return;
            case 24:
                _hasHungUp = true;
                return;
            case 26:
                _isSilent = true;
                return;
            case 27:
                Say("hello", false);
                return;
            case 28 or (>= 32 and < 40) when isTransfer:
                Say($"150 {Mark(command)}", false);
                _stuck = command;
                return;
            case 31:
                Say($"426 {Mark(command)}", false);
                return;
        }

        for (var left = way == 19 ? 1 + choose(12) : isTransfer && way != 29 ? 1 : 0; left > 0; left--)
            Say($"150 {Mark(command)}", false);
        if (isTransfer && ExpectsNoops)
        {
            // The NOOPs come before the end.
            _stuck = command;
            return;
        }

        Do(verb, command, way);
        // Among replies to commands that came in one write, nobody could tell which is the one too many.
        if (way is 21 or 22 or 29 && isLast)
            Say(way == 21 ? $"226 {Mark(command)}" : way == 22 ? "226 stray" : "150 stray", true);
        if (way == 25)
            _hasHungUp = true;
    }

    private void Do(string verb, string command, int way)
    {
        var argument = command.Contains(' ') ? command[(command.IndexOf(' ') + 1)..] : "";
        var reply = (verb, way) switch
        {
            ("RNFR", _) => $"350 {Mark(command)}",
            ("RNTO", _) when _renameFrom is null => $"503 {Mark(command)}",
            (_, 30) when !ExpectsNoops => $"200 {Mark(command)}",
            ("SIZE", _) => $"213 {SizeOf(argument)}",
            ("PWD", _) => $"257 \"/{_serial}\" is current",
            ("MLST", _) => $"250-Start\r\n type=file;size={SizeOf(argument)}; {argument}\r\n250 End",
            ("RETR" or "STOR", _) => $"226 {Mark(command)}",
            ("EPSV", _) => $"229 {Mark(command)}",
            (_, 18) => $"250-{Mark(command)}\r\n226 not its end\r\n250-nor this\r\n250 {Mark(command)}",
            _ => $"250 {Mark(command)}",
        };
        _renameFrom = verb == "RNFR" ? argument : null;
        if (reply[0] == '2')
            Done.Add(command);
        Say(reply, false);
    }

    private void Abort(string command, int way)
    {
        if (way == 26)
        {
            _isSilent = true;
            return;
        }

        if (_stuck is { } transfer)
        {
            if (way % 2 == 0)
                Say($"426 {Mark(transfer)}", false);
            EndTransfer();
        }

        Say($"{(way % 5) switch { 0 or 1 => 226, 2 => 225, 3 => 500, _ => 200 }} {Mark(command)}", false);
    }

    private void EndTransfer()
    {
        _stuck = null;
        ExpectsNoops = false;
        foreach (var line in _held)
            Say(line, false);
        _held.Clear();
        while (_stuck is null && !_isSilent && !_hasHungUp && _waiting.TryDequeue(out var command))
            Answer(command, _waiting.Count == 0);
    }

    private void Say(string line, bool isUnasked)
    {
        trace?.Invoke($"S: {line}");
        var bytes = Encoding.UTF8.GetBytes(line + "\r\n");
        lock (_lock)
        {
            if (isUnasked)
                _seams.Add(_said);
            _way.AddRange(bytes);
            _said += bytes.Length;
        }
    }
}
