using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Reflection;
using System.Text;

namespace FtpTools.Pipeline;

/// <summary>The parameters of a cmdlet that a profile has too, by their common names: filled in from one, and made one of.</summary>
internal sealed class ProfileParameters(ServerCmdlet cmdlet)
{
    private readonly Dictionary<string, PropertyInfo> _parameters = cmdlet.GetType().GetProperties()
        .Where(property => property.IsDefined(typeof(ParameterAttribute)) && FtpProfile.SettingNames.Contains(property.Name, StringComparer.Ordinal))
        .ToDictionary(property => property.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, object?> _former = new(StringComparer.Ordinal);

    /// <summary>Whether a parameter was filled in.</summary>
    public bool Have(string parameter) => _former.ContainsKey(parameter);

    /// <summary>Takes back what the profile of the former object of the pipeline has filled in.</summary>
    public void Withdraw()
    {
        foreach (var (name, value) in _former.Select(pair => (pair.Key, pair.Value)))
            _parameters[name].SetValue(cmdlet, value);
        _former.Clear();
    }

    /// <summary>Fills in what a profile has.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="isKept">Whether a parameter is left as it is.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: the parameter would not take the value.</exception>
    public void Apply(FtpProfile profile, Func<string, bool> isKept)
    {
        foreach (var (name, property) in _parameters.Select(pair => (pair.Key, pair.Value)))
        {
            if (isKept(name) || !profile.Settings.TryGetValue(name, out var value))
                continue;
            var bound = Bind(profile, property, value);
            _former.Add(name, property.GetValue(cmdlet));
            property.SetValue(cmdlet, bound);
        }
    }

    /// <summary>The value of a parameter.</summary>
    public object? Value(string parameter) => _parameters[parameter].GetValue(cmdlet);

    /// <summary>The values of parameters, as a profile holds them.</summary>
    /// <param name="isTaken">Whether a parameter is taken.</param>
    public Dictionary<string, object> Collect(Func<string, bool> isTaken) => _parameters
        .Where(pair => isTaken(pair.Key) && pair.Value.GetValue(cmdlet) is not (null or ""))
        .ToDictionary(pair => pair.Key, pair => Plain(pair.Value.GetValue(cmdlet)!), StringComparer.OrdinalIgnoreCase);

    // A variable with a parameter's attributes takes what the parameter takes: it turns it, and checks it.
    private static object? Bind(FtpProfile profile, PropertyInfo property, object value)
    {
        try
        {
            // No other type lacks a conversion.
            if (property.PropertyType == typeof(ScriptBlock))
                return ScriptBlock.Create(value.ToString());
            var attributes = property.GetCustomAttributes().Where(attribute => attribute is ArgumentTransformationAttribute or ValidateArgumentsAttribute).ToArray();
            var variable = new PSVariable(property.Name, value, ScopedItemOptions.None, new Collection<Attribute>(attributes));
            return LanguagePrimitives.ConvertTo(variable.Value, property.PropertyType, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is RuntimeException or PSInvalidCastException)
        {
            throw profile.Failure(FtpErrorKind.InvalidName, $"has a value of {property.Name} that -{property.Name} doesn't accept: '{value}'. {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    private static object Plain(object value) => value switch
    {
        SwitchParameter given => given.IsPresent,
        int or bool => value,
        Uri address => address.OriginalString,
        Encoding encoding => encoding.WebName,
        TimeZoneInfo zone => zone.Id,
        Enum or IPAddress or FtpPortRange or ScriptBlock or string => value.ToString()!,
        _ => throw new NotSupportedException($"A profile has no form for {value.GetType()}."),
    };
}
