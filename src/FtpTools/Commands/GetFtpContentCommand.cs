using System;
using System.IO;
using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Reads remote files. Lines are emitted while the file still arrives.</summary>
[Cmdlet(VerbsCommon.Get, "FtpContent", DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(byte), typeof(byte[]))]
public sealed class GetFtpContentCommand : RemoteFileCmdlet
{
    /// <summary>So many values are written before anything else that is to be done on the pipeline's thread.</summary>
    private const int MostAtATime = 1000;

    /// <summary>The encoding of a text that does not begin with a byte order mark; UTF-8 by default.</summary>
    [Parameter]
    [ValidateNotNull]
    [TextEncodingTransformation]
    [ArgumentCompleter(typeof(TextEncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(false);

    /// <summary>Emit each file as one string, or with -AsByteStream as one array of bytes.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Emit bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>How many lines to read from the beginning, or bytes with -AsByteStream. The rest is not transferred.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    [Alias("First", "Head")]
    public long TotalCount { get; set; } = long.MaxValue;

    /// <summary>How many lines to read at the end, or bytes with -AsByteStream.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    /// <summary>What divides the text into pieces instead of line ends; it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Delimiter { get; set; }

    private protected override bool OnlyLooks => true;

    private protected override Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        var (hasCount, hasTail) = (TotalCount != long.MaxValue, Tail >= 0);
        var conflict = hasCount && hasTail ? "-TotalCount and -Tail can't be combined"
            : Raw && !AsByteStream && (hasCount || hasTail) ? "-Raw can't be combined with -TotalCount or -Tail"
            : Delimiter is not null && (Raw || AsByteStream) ? "-Delimiter can't be combined with -Raw or -AsByteStream"
            : null;
        return conflict is null
            ? base.BeginProcessingAsync(cancellationToken)
            : throw new FtpException(FtpErrorKind.CommandNotSupported, $"Nothing was read: {conflict}. Omit one of them.");
    }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) =>
        ForEachFileAsync((session, item) => ReadAsync(session, item, cancellationToken), cancellationToken);

    private async Task ReadAsync(FtpSession session, FtpItem item, CancellationToken cancellationToken)
    {
        var options = new FtpReadOptions
        {
            Encoding = Encoding,
            Delimiter = Delimiter,
            TotalCount = TotalCount == long.MaxValue ? null : TotalCount,
            Tail = Tail < 0 ? null : Tail,
        };
        switch (Raw.IsPresent, AsByteStream.IsPresent)
        {
            case (true, false):
                WriteObject(await session.ReadTextAsync(item, options, Progress, cancellationToken));
                break;
            case (true, true):
                var all = new MemoryStream();
                await session.ReadBytesAsync(item, options, (buffer, count) => all.Write(buffer, 0, count), Progress, cancellationToken);
                WriteObject(all.ToArray());
                break;
            case (false, true):
                await StreamAsync(
                    new Spool<byte[]>(static bytes => bytes.Length, static (writer, bytes) =>
                    {
                        writer.Write(bytes.Length);
                        writer.Write(bytes);
                    }, static reader => reader.ReadBytes(reader.ReadInt32())),
                    put => session.ReadBytesAsync(item, options, (buffer, count) =>
                    {
                        // The buffer is used again.
                        var bytes = new byte[count];
                        Buffer.BlockCopy(buffer, 0, bytes, 0, count);
                        put(bytes);
                    }, Progress, cancellationToken),
                    bytes => WriteObject(bytes, enumerateCollection: true),
                    cancellationToken);
                break;
            default:
                await StreamAsync(
                    new Spool<string>(static line => (line.Length * 2) + 40, static (writer, line) => writer.Write(line), static reader => reader.ReadString()),
                    put => session.ReadLinesAsync(item, options, put, Progress, cancellationToken),
                    WriteObject,
                    cancellationToken);
                break;
        }
    }

    // What comes is written as it comes; all that had come before a failure, before its error.
    private async Task StreamAsync<T>(Spool<T> spool, Func<Action<T>, Task> read, Action<T> write, CancellationToken cancellationToken)
    {
        using (spool)
        {
            try
            {
                await read(value =>
                {
                    if (spool.Put(value))
                        Post(() => Write(spool, write));
                });
            }
            finally
            {
                while (!cancellationToken.IsCancellationRequested && spool.TryTake(out var value))
                    write(value);
            }
        }
    }

    private void Write<T>(Spool<T> spool, Action<T> write)
    {
        for (var i = 0; i < MostAtATime; i++)
        {
            if (!spool.TryTake(out var value))
                return;
            write(value);
        }
        Post(() => Write(spool, write));
    }
}
