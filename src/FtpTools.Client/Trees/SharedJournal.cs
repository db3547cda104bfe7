using System;
using System.Collections.Generic;

namespace FtpTools.Trees;

/// <summary>The journal of a call, which ends with the last of its batches.</summary>
internal sealed class SharedJournal
{
    private readonly HashSet<object> _users = [];

    private SharedJournal(string path, Action<string> warn) => Journal = new TransferJournal(path, warn);

    /// <summary>The journal.</summary>
    public TransferJournal Journal { get; }

    /// <summary>The journal that options name; null for none.</summary>
    /// <exception cref="FtpException">It cannot be used, or not with the other options.</exception>
    public static SharedJournal? Of(FtpTransferOptions options, Action<string> warn)
    {
        options.Check();
        if (options.Journal is null)
            return null;
        JournalReader.Check(options.Journal);
        return new SharedJournal(options.Journal, warn);
    }

    /// <summary>A batch that begins.</summary>
    public void Add(object user)
    {
        lock (_users)
            _users.Add(user);
    }

    /// <summary>A batch that has ended, perhaps not for the first time.</summary>
    public void Release(object user)
    {
        lock (_users)
        {
            if (_users.Remove(user) && _users.Count == 0)
                Journal.Dispose();
        }
    }
}
