using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>The commands received, and those who wait for one.</summary>
internal sealed class CommandRecord
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Verb, int Count, TaskCompletionSource<string> Found)> _waiting = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return _lines.ToArray();
        }
    }

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                var (verb, count, found) = _waiting[i];
                if (Nth(verb, count) is not { } hit)
                    continue;
                _waiting.RemoveAt(i);
                found.SetResult(hit);
            }
        }
    }

    public async Task<string> WaitAsync(string verb, int count, TimeSpan bound)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (Nth(verb, count) is { } hit)
                return hit;
            _waiting.Add((verb, count, found));
        }

        try
        {
            return await found.Task.WaitAsync(bound).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                $"{verb} was not received {count} times within {bound.TotalSeconds} s; received: {string.Join(" | ", Lines)}", e);
        }
    }

    private string? Nth(string verb, int count) =>
        _lines.Where(line => Verb(line).Equals(verb, StringComparison.OrdinalIgnoreCase)).Skip(count - 1).FirstOrDefault();

    private static string Verb(string line) => line.IndexOf(' ') is >= 0 and var end ? line[..end] : line;
}
