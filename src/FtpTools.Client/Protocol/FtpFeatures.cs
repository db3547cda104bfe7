using System;
using System.Collections.Generic;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>What a server says that it can do (FEAT, RFC 2389, 3.2).</summary>
internal sealed class FtpFeatures
{
    private static readonly HashSet<string> _needed = new(StringComparer.OrdinalIgnoreCase) { "type", "size", "modify", "perm" };

    private readonly Dictionary<string, string> _features = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _siteCommands = [];
    private readonly List<(string Name, string Parameters)> _lines = [];

    /// <summary>No features: the server does not know FEAT.</summary>
    public static readonly FtpFeatures None = new();

    /// <summary>Reads the 211 reply: a feature a line between the first and the last, with its parameters.</summary>
    public FtpFeatures(FtpReply reply)
    {
        for (var i = 1; i < reply.Sent.Count - 1; i++)
        {
            var line = reply.Sent[i].Trim();
            if (line.Length == 0)
                continue;
            var parts = line.Split([' '], 2);
            var (name, parameters) = (parts[0], parts.Length > 1 ? parts[1].Trim() : "");
            _features[name] = parameters;
            _lines.Add((name, parameters));
            // "SITE XCRC", a line for each, or "SITE UTIME;XCRC".
            if (name.Equals("SITE", StringComparison.OrdinalIgnoreCase))
                _siteCommands.AddRange(parameters.Split([' ', ';', ','], StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private FtpFeatures()
    {
    }

    /// <summary>The features' names.</summary>
    public IReadOnlyCollection<string> Names => _features.Keys;

    /// <summary>The features in the server's order: one that is listed twice, as SITE may be, is here twice.</summary>
    public IReadOnlyList<(string Name, string Parameters)> Lines => _lines;

    /// <summary>The commands that the server lists behind SITE.</summary>
    public IReadOnlyCollection<string> SiteCommands => _siteCommands;

    /// <summary>True when the server lists the feature.</summary>
    public bool Has(string name) => _features.ContainsKey(name);

    /// <summary>What stands behind a feature's name; null when the server does not list it.</summary>
    public string? Parameters(string name) => _features.TryGetValue(name, out var parameters) ? parameters : null;

    /// <summary>True when the server can tell facts: MLST announces both MLST and MLSD (RFC 3659, 7.8).</summary>
    public bool HasFacts => Has("MLST");

    /// <summary>
    /// The facts to ask for (OPTS MLST, RFC 3659, 7.9) of a server that tells some of them only then, those without a star:
    /// Unix' permission and owner, as pyftpdlib, or even types and sizes; with them those that it tells anyway. Null where
    /// there is nothing to ask for.
    /// </summary>
    public string? FactsToAskFor
    {
        get
        {
            if (Parameters("MLST") is not { } offered)
                return null;
            var facts = offered.Split([';', ' '], StringSplitOptions.RemoveEmptyEntries)
                .Where(fact => fact[fact.Length - 1] == '*' || _needed.Contains(fact) || fact.StartsWith("unix.", StringComparison.OrdinalIgnoreCase))
                .ToList();
            // Where the type is not listed, nothing tells what the server sends by itself, and asking could take that away.
            return facts.Any(fact => fact.TrimEnd('*').Equals("type", StringComparison.OrdinalIgnoreCase)) && facts.Any(fact => fact[fact.Length - 1] != '*') && facts.All(fact => fact.All(letter => letter is > ' ' and <= '~'))
                ? string.Concat(facts.Select(fact => fact.TrimEnd('*') + ";"))
                : null;
        }
    }
}
