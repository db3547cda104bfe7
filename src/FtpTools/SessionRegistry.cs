using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace FtpTools;

/// <summary>The open sessions of one runspace. They are closed with it, and no other runspace sees them.</summary>
internal sealed class SessionRegistry
{
    private static readonly ConditionalWeakTable<Runspace, SessionRegistry> _registries = new();

    // In the order in which they became current: the last is the current one.
    private readonly List<FtpSession> _sessions = [];
    private bool _closed;

    private SessionRegistry(Runspace runspace) => runspace.StateChanged += OnStateChanged;

    /// <summary>The registry of the runspace that runs on this thread.</summary>
    public static SessionRegistry Here =>
        _registries.GetValue(Runspace.DefaultRunspace, static runspace => new SessionRegistry(runspace));

    /// <summary>The last connected session that is still open; null when there is none.</summary>
    public FtpSession? Current
    {
        get
        {
            lock (_sessions)
            {
                Prune();
                return _sessions.Count > 0 ? _sessions[_sessions.Count - 1] : null;
            }
        }
    }

    /// <summary>The open sessions, by id.</summary>
    public IReadOnlyList<FtpSession> All
    {
        get
        {
            lock (_sessions)
            {
                Prune();
                return _sessions.OrderBy(session => session.Id).ToArray();
            }
        }
    }

    /// <summary>Adds a session, which becomes the current one.</summary>
    public void Add(FtpSession session)
    {
        lock (_sessions)
        {
            if (!_closed)
            {
                _sessions.Add(session);
                return;
            }
        }
        session.Dispose();
    }

    /// <summary>The session of that name or id; of several, the last connected. Null when there is none.</summary>
    public FtpSession? Find(string nameOrId)
    {
        lock (_sessions)
        {
            Prune();
            return _sessions.FindLast(session => session.Name.Equals(nameOrId, StringComparison.OrdinalIgnoreCase))
                ?? (int.TryParse(nameOrId, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? _sessions.Find(session => session.Id == id) : null);
        }
    }

    /// <summary>The sessions whose names fit a pattern.</summary>
    /// <param name="pattern">A name, which may have wildcards.</param>
    /// <param name="onMissing">Told when there is none of a name without wildcards.</param>
    public IReadOnlyList<FtpSession> Match(string pattern, Action<FtpException> onMissing)
    {
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase);
        var sessions = All.Where(session => wildcard.IsMatch(session.Name)).ToArray();
        if (sessions.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
            onMissing(new FtpException(FtpErrorKind.NoSession, $"There is no open FTP session with the name '{pattern}' in this runspace. Get-FtpSession lists those there are."));
        return sessions;
    }

    // A session can be closed elsewhere: by the runspace that it was passed to, or by its Dispose.
    private void Prune() => _sessions.RemoveAll(session => session.State == FtpSessionState.Closed);

    private void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is not (RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken))
            return;
        FtpSession[] sessions;
        lock (_sessions)
        {
            _closed = true;
            sessions = _sessions.ToArray();
            _sessions.Clear();
        }
        foreach (var session in sessions)
            session.Dispose();
    }
}
