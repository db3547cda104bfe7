using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using FtpTools.Connection;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Replay;

/// <summary>
/// Whatever a server says or does not say, in whatever pieces it arrives, and wherever the caller gives up: what is taken is
/// the reply to one's own command, and after each operation nothing is owed or the connection is closed. Tried by random
/// scripts, of which each step is the arrival of some bytes, a cancel or a hang-up. FTPTOOLS_STEPS says how many steps.
/// </summary>
public sealed class LedgerTests(ITestOutputHelper output)
{
    private static long Steps => long.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_STEPS"), out var steps) ? steps : 80_000;

    [Fact]
    public void No_reply_is_taken_by_another_command_and_no_connection_is_lent_in_doubt()
    {
        var all = new Counts();
        // Some seven steps are in a script.
        while (all.Steps < Steps)
            Gen.Byte.Array[0, 400].Sample(script => Play(script, all), iter: Math.Clamp((Steps - all.Steps) / 7, 100, 100_000));
        output.WriteLine($"{all}");
        Assert.InRange(all.Answered, all.Operations / 10, all.Operations);
        Assert.InRange(all.Cancelled, all.Operations / 100, all.Operations);
        Assert.InRange(all.Closed, all.Scripts / 10, all.Scripts);
        Assert.InRange(all.Settled, all.Operations / 100, all.Operations);
    }

    /// <summary>Plays a script, and once more where it fails, to tell how it went.</summary>
    private static void Play(byte[] choices, Counts all)
    {
        try
        {
            new Script(choices, all, null).Play();
        }
        catch (Exception e)
        {
            var lines = new List<string> { e.Message };
            Record.Exception(new Script(choices, new Counts(), lines.Add).Play);
            throw new InvalidOperationException(string.Join('\n', lines), e);
        }
    }

    /// <summary>The number of steps, of operations that ended in one way or another, and of those that failed or were cancelled and left a connection of use.</summary>
    private sealed class Counts
    {
        public long Steps;
        public long Scripts;
        public long Operations;
        public long Answered;
        public long Cancelled;
        public long Settled;
        public long Closed;

        public override string ToString() =>
            $"{Steps} steps, {Scripts} scripts, {Operations} operations: {Answered} answered, {Cancelled} cancelled, {Settled} refused or cancelled with the connection still of use, {Closed} closed it.";
    }

    /// <summary>One script: a byte a choice, and good behaviour when there are no more.</summary>
    private sealed class Script
    {
        private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

        private readonly byte[] _choices;
        private readonly Counts _all;
        private readonly Action<string>? _trace;
        private readonly UnreliableServer _server;
        private readonly ProtocolInterpreter _pi;
        private readonly DataAgreement _agreement;
        private readonly Files _files;
        private readonly Directories _directories;
        private int _next;
        private int _number;

        public Script(byte[] choices, Counts all, Action<string>? trace)
        {
            _trace = trace;
            _choices = choices;
            _all = all;
            var options = new FtpClientOptions
            {
                // Of its own, for what is learnt of a host is known in the whole process.
                ComputerName = "unreliable", UserName = "ann", Password = "secret", Tls = FtpTlsMode.None, Timeout = _bound,
                SendAhead = Choose(2) == 0 ? FtpSendAhead.Never : FtpSendAhead.Always,
            };
            _server = new UnreliableServer(Choose, trace);
            _pi = new ProtocolInterpreter(new ControlConnection(_server, null, "server:21#1", options.Timeout, null), options, new SessionTraits(options));
            _pi.Traits.Features = new FtpFeatures(new FtpReply(211, ["Features", " MLST type*;size*;", "End"]));
            _agreement = new DataAgreement(_pi);
            _files = new Files(_pi);
            _directories = new Directories(_pi, _files, new Listings(_pi, _files, new ListingTransfer(_pi, new Transfers(_pi, new Login(_pi, 1)))));
        }

        public void Play()
        {
            // Whatever waits is to go on at once, on this thread.
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                Interlocked.Increment(ref _all.Scripts);
                Run(GreetAsync);
                for (var i = 0; i < 2 + Choose(50) && _pi.Control.IsOpen; i++)
                    Run(Operation());
                _server.IsGood = true;
                if (_pi.Control.IsOpen)
                    Run(SayAsync);
                if (!_pi.Control.IsOpen)
                    ProveClosed();
            }
            finally
            {
                _pi.Dispose();
                SynchronizationContext.SetSynchronizationContext(context);
            }
        }

        private int Choose(int count) => _next < _choices.Length ? _choices[_next++] % count : 0;

        private string Path() => $"/{++_number}";

        private Func<CancellationToken, Task> Operation() => Choose(11) switch
        {
            0 => SayAsync,
            1 => SayTogetherAsync,
            2 or 3 => TransferAsync,
            4 => AskSizeAsync,
            5 => stop => DoAsync($"DELE /{_number + 1}", _files.DeleteFileAsync(Path(), stop)),
            6 => RenameAsync,
            7 => stop => DoAsync($"MKD /{_number + 1}", _directories.MakeDirectoryAsync(Path(), stop)),
            8 => AskDirectoryAsync,
            9 => AskExistenceAsync,
            _ => HearUnaskedAsync,
        };

        /// <summary>Plays an operation to its end, step by step.</summary>
        private void Run(Func<CancellationToken, Task> operation)
        {
            using var stop = new CancellationTokenSource();
            var task = operation(stop.Token);
            while (!task.IsCompleted)
            {
                Assert.True(SpinWait.SpinUntil(() => task.IsCompleted || _server.IsAwaited, _bound), "The operation waits, and not for the server.");
                if (task.IsCompleted)
                    break;
                Interlocked.Increment(ref _all.Steps);
                var choice = Choose(16);
                if (choice == 15 && !stop.IsCancellationRequested)
                    Cancel(stop);
                else if (_server.HasMore)
                    _server.Deliver(choice < 5 ? int.MaxValue : 1 + Choose(40));
                else if (choice % 4 == 3 || !_server.TrySayMore(isEnd: choice % 2 == 0))
                    GiveUp(stop, choice);
            }

            Interlocked.Increment(ref _all.Operations);
            _trace?.Invoke($"({task.Status}{(task.Exception is { } e ? ": " + e.InnerException!.Message : "")})");
            Judge(task);
        }

        /// <summary>The server says nothing any more: somebody loses patience.</summary>
        private void GiveUp(CancellationTokenSource stop, int choice)
        {
            if (choice % 2 == 1 && !stop.IsCancellationRequested)
                Cancel(stop);
            else
                _server.HangUp();
        }

        private void Cancel(CancellationTokenSource stop)
        {
            _trace?.Invoke("(cancel)");
            stop.Cancel();
        }

        private void Judge(Task task)
        {
            Assert.True(!_pi.Control.IsOpen || !_pi.Control.IsOwed, "The operation has ended, the connection is open, and a reply is owed.");
            try
            {
                task.GetAwaiter().GetResult();
                Interlocked.Increment(ref _all.Answered);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _all.Cancelled);
                Interlocked.Add(ref _all.Settled, _pi.Control.IsOpen ? 1 : 0);
            }
            catch (FtpConnectionException e)
            {
                Assert.False(_pi.Control.IsOpen, $"'{e.Message}', and the connection is open.");
            }
            catch (FtpException)
            {
                Interlocked.Add(ref _all.Settled, _pi.Control.IsOpen ? 1 : 0);
            }

            Interlocked.Add(ref _all.Closed, _pi.Control.IsOpen ? 0 : 1);
        }

        /// <summary>The next caller hears why, and the server nothing.</summary>
        private void ProveClosed()
        {
            var heard = _server.Commands.Count;
            var error = Assert.Throws<FtpConnectionException>(() => _pi.ExchangeAsync("NOOP", "after", CancellationToken.None).GetAwaiter().GetResult());
            Assert.NotEqual("", error.Message);
            Assert.Equal(heard, _server.Commands.Count);
        }

        private static void AssertIsOf(string command, FtpReply reply) =>
            Assert.True(reply.Text.Contains(UnreliableServer.Mark(command), StringComparison.Ordinal), $"'{reply}' was taken for the reply to {command}.");

        private async Task GreetAsync(CancellationToken stop)
        {
            for (var left = Choose(16) - 5; left > 0; left--)
                _server.SayUnasked("120 soon");
            _server.SayUnasked(Choose(8) switch { 6 => "331 hello", 7 => "530 no", _ => "220 hello" });
            try
            {
                Assert.Contains((await _pi.Control.Greeting.TakeFinalAsync(stop)).Code, new[] { 220, 530 });
            }
            finally
            {
                await _pi.SettleAsync(_bound, FtpErrorKind.Cancelled, "It was given up");
            }
        }

        private async Task SayAsync(CancellationToken stop)
        {
            var (verb, argument) = (Choose(2) == 0 ? "NOOP" : "REST", Path());
            AssertIsOf($"{verb} {argument}", await _pi.ExchangeAsync(verb, argument, stop));
        }

        /// <summary>Several commands in one write, whose replies are taken in any order, or not at all.</summary>
        private async Task SayTogetherAsync(CancellationToken stop)
        {
            var commands = Enumerable.Range(0, 2 + Choose(3)).Select(_ => Choose(3) switch { 0 => "DELE ", 1 => "REST ", _ => "RETR " } + Path()).ToArray();
            var owed = await _pi.Control.SendAsync([.. commands.Select(line => (Command(line), ReplySequences.Of(line[..4])))], stop);
            try
            {
                for (var left = Choose(6); left >= 0; left--)
                {
                    var one = Choose(commands.Length);
                    if (owed[one].IsComplete && owed[one].Sequence != ReplySequence.Transfer)
                        continue;
                    if (Choose(3) == 2)
                        AssertIsOf(commands[one], await owed[one].TakeFinalAsync(stop));
                    else if (!owed[one].IsComplete)
                        AssertIsOf(commands[one], await owed[one].TakeAsync(stop));
                    else if (owed[one].TryTake(out var reply))
                        AssertIsOf(commands[one], reply);
                }
            }
            finally
            {
                await _pi.SettleAsync(_bound, FtpErrorKind.Cancelled, "It was given up");
            }
        }

        /// <summary>A transfer, as far as the control connection has to do with it, and its real way out.</summary>
        private async Task TransferAsync(CancellationToken stop)
        {
            var isFollowed = Choose(2) == 1;
            var noops = Choose(4) == 1 ? 1 + Choose(2) : 0;
            var hasNoops = _server.ExpectsNoops = noops > 0;
            var path = Path();
            var lines = new List<string>();
            if (Choose(3) == 1)
                lines.Add($"MDTM {path}");
            lines.Add($"RETR {path}");
            if (isFollowed)
                lines.Add("EPSV");
            var attempt = new DataAttempt(FtpMode.Epsv) { IsSentAhead = lines.Count > 1 };
            var request = new TransferRequest("RETR", path, FtpTransferType.Binary, "receive", path);
            IReadOnlyList<OwedReply>? owed = null;
            OwedReply? transfer = null, ahead = null;
            try
            {
                owed = await _pi.Control.SendAsync([.. lines.Select(line => (Command(line), ReplySequences.Of(line[..4])))], stop);
                transfer = owed[isFollowed ? owed.Count - 2 : owed.Count - 1];
                ahead = isFollowed ? owed[owed.Count - 1] : null;
                if (lines[0][0] == 'M')
                    AssertIsOf(lines[0], await owed[0].TakeAsync(stop));
                for (var left = Choose(4); left > 0 && !transfer.IsComplete; left--)
                {
                    await _pi.Control.PutDownAsync(stop);
                    while (transfer.TryTake(out var reply))
                        AssertIsOf($"RETR {path}", reply);
                }

                for (; noops > 0 && transfer.HasBegun && !transfer.IsComplete; noops--)
                    await _pi.Control.SendAsync([(new FtpCommand("NOOP", Path()), ReplySequence.Aside)], stop);
                if (Choose(5) == 4)
                    throw new FtpException(FtpErrorKind.LocalFileError, "the caller's own failure");
                AssertIsOf($"RETR {path}", await transfer.TakeFinalAsync(stop));
                if (ahead is not null)
                    await _agreement.TakeAheadAsync(ahead, stop);
            }
            catch (Exception e) when (!hasNoops && e is (FtpException or OperationCanceledException))
            {
                var data = DataConnection.Listen(FtpMode.Port, IPAddress.Loopback, _pi.Traits.ActivePorts, _pi.Options, "server", _ => { });
                throw await new TransferExit(_pi, _agreement, new TransferKeepAlive(_pi), request, attempt) { Data = data, Owed = transfer, Ahead = ahead, Moving = null }.LeaveAsync(e, stop);
            }
            finally
            {
                _server.ExpectsNoops = false;
                await _pi.SettleAsync(_bound, FtpErrorKind.ConnectionLost, "The NOOPs were not answered");
            }
        }

        private async Task AskSizeAsync(CancellationToken stop)
        {
            var path = Path();
            var size = await _files.SizeAsync(path, stop);
            Assert.True(size is null || size == UnreliableServer.SizeOf(path), $"{path} was said to have the size {size}.");
        }

        private async Task RenameAsync(CancellationToken stop)
        {
            var (from, to) = (Path(), Path());
            await DoAsync($"RNTO {to}", _files.RenameAsync(from, to, stop));
        }

        private async Task DoAsync(string command, Task task)
        {
            await task;
            Assert.True(IsDone(command), $"{command} was taken for done.");
        }

        /// <summary>Whether the server has done it, by its path, or by its name after CWD, or by the command's old name.</summary>
        private bool IsDone(string command) => _server.Done.Any(line => line == command || line == command.Replace(" /", " ", StringComparison.Ordinal) || line == "X" + command);

        private async Task AskDirectoryAsync(CancellationToken stop)
        {
            var path = await _directories.PrintWorkingDirectoryAsync(stop);
            Assert.True(path == "/" || path == $"/{_server.Commands.Count}", $"{path} was taken for the directory after {_server.Commands.Count} commands.");
        }

        private async Task AskExistenceAsync(CancellationToken stop)
        {
            var path = Path();
            if (await _directories.ExistsAsync(path, stop))
                Assert.True(IsDone($"MLST {path}") || IsDone($"SIZE {path}") || IsDone($"CWD {path}"), $"{path} was taken for there.");
        }

        /// <summary>What comes while nobody waits for a reply is noticed before the next command.</summary>
        private async Task HearUnaskedAsync(CancellationToken stop)
        {
            var hearing = _pi.Control.WhenReplyAsync();
            _server.SayUnasked(Choose(3) switch { 0 => "421 Too long idle", 1 => "226 stray", _ => "150 stray" });
            if (!hearing.IsCompleted)
                _server.Deliver(1 + Choose(40));
            await SayAsync(stop);
        }

        private static FtpCommand Command(string line) => line.Split(' ') is [var verb, var argument] ? new FtpCommand(verb, argument) : new FtpCommand(line);
    }
}
