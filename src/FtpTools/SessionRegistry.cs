using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace FtpTools;

/// <summary>The open sessions of one runspace. They are closed with it, and no other runspace sees them.</summary>
internal sealed class SessionRegistry
{
    private static readonly ConditionalWeakTable<Runspace, SessionRegistry> _registries = new();

    // All of the runspace, in the order in which they were connected. Another one's, handed to it, can be chosen but is not its own.
    private readonly List<FtpSession> _sessions = [];
    // In the order in which they became current: the last is the current one.
    private readonly List<FtpSession> _chosen = [];
    private bool _closed;

    private SessionRegistry(Runspace runspace) => runspace.StateChanged += OnStateChanged;

    /// <summary>The registry of the runspace that runs on this thread.</summary>
    public static SessionRegistry Here =>
        _registries.GetValue(Runspace.DefaultRunspace, static runspace => new SessionRegistry(runspace));

    /// <summary>The last chosen session that is still open; null when there is none.</summary>
    public FtpSession? Current
    {
        get
        {
            lock (_sessions)
            {
                Prune();
                return _chosen.Count > 0 ? _chosen[_chosen.Count - 1] : null;
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
                _chosen.Add(session);
                return;
            }
        }
        session.Dispose();
    }

    /// <summary>Makes an open session the current one.</summary>
    public void Choose(FtpSession session)
    {
        lock (_sessions)
        {
            _chosen.Remove(session);
            _chosen.Add(session);
        }
    }

    /// <summary>
    /// Leaves no session of this runspace current until one is chosen or connected. Who meant to connect to another server,
    /// and did not, must not go on with a former one.
    /// </summary>
    public static void ChooseNone()
    {
        if (Runspace.DefaultRunspace is null)
            return;
        var registry = Here;
        lock (registry._sessions)
            registry._chosen.Clear();
    }

    /// <summary>Closes the sessions of this runspace.</summary>
    public static void CloseHere()
    {
        if (Runspace.DefaultRunspace is null || !_registries.TryGetValue(Runspace.DefaultRunspace, out var registry))
            return;
        foreach (var session in registry.All)
            session.Dispose();
    }

    /// <summary>What a user can do that has open sessions of which none is current; null when there are none.</summary>
    public string? Choices()
    {
        const int most = 5;
        var sessions = All;
        if (sessions.Count == 0)
            return null;
        var names = string.Join(", ", sessions.Take(most).Select(session => $"'{session.Name}' ({session.Server})"));
        var more = sessions.Count > most ? $" and {sessions.Count - most} more" : "";
        return $"Open sessions: {names}{more}. To make one of them current, run Select-FtpSession -Name '{CodeGeneration.EscapeSingleQuotedStringContent(sessions[sessions.Count - 1].Name)}'. To use one for a single command, specify -Session.";
    }

    /// <summary>The error for want of a current session.</summary>
    public FtpException NoSession() => new(
        FtpErrorKind.NoSession,
        Choices() is { } choices
            ? "No FTP session is current in this runspace, because the last Connect-Ftp or Select-FtpSession failed. " + choices
            : "There is no FTP session in this runspace. Run Connect-Ftp first, or specify a session with -Session.");

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
            onMissing(Missing(pattern));
        return sessions;
    }

    /// <summary>The error for want of a session of that name.</summary>
    public static FtpException Missing(string name) =>
        new(FtpErrorKind.NoSession, $"There is no open FTP session named '{name}' in this runspace. To list the open sessions, run Get-FtpSession.");

    // A session can be closed elsewhere: by the runspace that it was passed to, or by its Dispose.
    private void Prune()
    {
        _sessions.RemoveAll(session => session.State == FtpSessionState.Closed);
        _chosen.RemoveAll(session => session.State == FtpSessionState.Closed);
    }

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
            _chosen.Clear();
        }
        foreach (var session in sessions)
            session.Dispose();
    }
}
