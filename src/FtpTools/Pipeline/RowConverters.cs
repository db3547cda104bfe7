using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>What both converters have in common: they read rows and write none.</summary>
public abstract class RowConverter : PSTypeConverter
{
    private protected RowConverter()
    {
    }

    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => sourceValue is PSObject row && Rows.Is(row) && Read(row) is not null;

    /// <inheritdoc/>
    public override bool CanConvertFrom(PSObject sourceValue, Type destinationType) => Rows.Is(sourceValue) && Read(sourceValue) is not null;

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        (sourceValue is PSObject row ? Read(row) : null) ?? throw new PSInvalidCastException($"The object can't be converted to {destinationType.Name}, because it wasn't saved from one.");

    /// <inheritdoc/>
    public override object ConvertFrom(PSObject sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        ConvertFrom((object)sourceValue, destinationType, formatProvider, ignoreCase);

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) => throw new PSInvalidCastException();

    private protected abstract object? Read(PSObject row);
}

/// <summary>Makes items of rows, as <c>[FtpTools.FtpItem]$row</c> does. What such an item tells may be long out of date.</summary>
public sealed class FtpItemConverter : RowConverter
{
    private protected override object? Read(PSObject row) => Of(row);

    /// <summary>The item that a row was; null when it was none.</summary>
    internal static FtpItem? Of(PSObject row) =>
        Rows.Text(row, nameof(FtpItem.Server)) is { } server && Rows.Text(row, nameof(FtpItem.FullName)) is { } path
            ? new FtpItem
            {
                Name = path.Length == 1 ? path : path.Substring(path.LastIndexOf('/') + 1),
                FullName = path,
                Server = server,
                ItemType = Rows.Value<FtpItemType>(row, nameof(FtpItem.ItemType)) ?? FtpItemType.File,
                Length = Rows.Value<long>(row, nameof(FtpItem.Length)),
                LastWriteTimeUtc = Rows.Utc(row, nameof(FtpItem.LastWriteTimeUtc)),
                TimePrecision = Rows.Value<FtpTimePrecision>(row, nameof(FtpItem.TimePrecision)) ?? FtpTimePrecision.None,
                Permission = Rows.Text(row, nameof(FtpItem.Permission)),
                Owner = Rows.Text(row, nameof(FtpItem.Owner)),
                Group = Rows.Text(row, nameof(FtpItem.Group)),
                LinkTarget = Rows.Text(row, nameof(FtpItem.LinkTarget)),
                RawLine = Rows.Text(row, nameof(FtpItem.RawLine)) ?? "",
            }
            : null;
}

/// <summary>Makes results of rows, as <c>[FtpTools.FtpTransferResult]$row</c> does.</summary>
public sealed class FtpTransferResultConverter : RowConverter
{
    private protected override object? Read(PSObject row) => Of(row);

    /// <summary>The result that a row was; null when it was none.</summary>
    internal static FtpTransferResult? Of(PSObject row) =>
        Rows.Text(row, nameof(FtpTransferResult.Source)) is { } source
        && Rows.Value<FtpTransferDirection>(row, nameof(FtpTransferResult.Direction)) is { } direction
        && Rows.Value<FtpTransferStatus>(row, nameof(FtpTransferResult.Status)) is { } status
            ? new FtpTransferResult
            {
                Direction = direction,
                Source = source,
                // Of a file that did not come to one, there is none.
                Destination = Rows.Text(row, nameof(FtpTransferResult.Destination)) ?? "",
                Server = Rows.Text(row, nameof(FtpTransferResult.Server)),
                StartTime = Rows.Local(row, nameof(FtpTransferResult.StartTime)) ?? default,
                Length = Rows.Value<long>(row, nameof(FtpTransferResult.Length)) ?? 0,
                Elapsed = Rows.Span(row, nameof(FtpTransferResult.Elapsed)) ?? default,
                BytesPerSecond = Rows.Value<double>(row, nameof(FtpTransferResult.BytesPerSecond)) ?? 0,
                Mode = Rows.Value<FtpMode>(row, nameof(FtpTransferResult.Mode)),
                TransferType = Rows.Value<FtpTransferType>(row, nameof(FtpTransferResult.TransferType)) ?? FtpTransferType.Binary,
                Resumed = Rows.Value<bool>(row, nameof(FtpTransferResult.Resumed)) ?? false,
                Attempts = Rows.Value<int>(row, nameof(FtpTransferResult.Attempts)) ?? 0,
                Verification = Rows.Value<FtpVerification>(row, nameof(FtpTransferResult.Verification)) ?? FtpVerification.None,
                Hash = Rows.Text(row, nameof(FtpTransferResult.Hash)),
                HashAlgorithm = Rows.Text(row, nameof(FtpTransferResult.HashAlgorithm)),
                Step = Rows.Value<FtpSyncKind>(row, nameof(FtpTransferResult.Step)),
                ActionId = Rows.Text(row, nameof(FtpTransferResult.ActionId)),
                Status = status,
                Error = Rows.Text(row, nameof(FtpTransferResult.Error)),
                ErrorId = Rows.Text(row, nameof(FtpTransferResult.ErrorId)),
                SourceAction = Rows.Value<FtpSourceAction>(row, nameof(FtpTransferResult.SourceAction)) ?? FtpSourceAction.None,
                SourceDestination = Rows.Text(row, nameof(FtpTransferResult.SourceDestination)),
                SourceError = Rows.Text(row, nameof(FtpTransferResult.SourceError)),
                SourceErrorId = Rows.Text(row, nameof(FtpTransferResult.SourceErrorId)),
            }
            : null;
}

/// <summary>Makes steps of a plan of rows, as <c>[FtpTools.FtpSyncAction]$row</c> does.</summary>
public sealed class FtpSyncActionConverter : RowConverter
{
    // All are refused here that are none: PowerShell itself makes a step of whatever has one property of it, without the others.
    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => sourceValue is not (null or string);

    /// <inheritdoc/>
    public override bool CanConvertFrom(PSObject sourceValue, Type destinationType) => Rows.Is(sourceValue);

    private protected override object? Read(PSObject row) =>
        Rows.Value<FtpSyncKind>(row, nameof(FtpSyncAction.Kind)) is { } kind
        && Rows.Value<FtpTransferDirection>(row, nameof(FtpSyncAction.Direction)) is { } direction
        && Rows.Text(row, nameof(FtpSyncAction.LocalPath)) is { } local && Rows.Text(row, nameof(FtpSyncAction.RemotePath)) is { } remote
            ? new FtpSyncAction
            {
                Kind = kind,
                Direction = direction,
                Reason = Rows.Text(row, nameof(FtpSyncAction.Reason)) ?? "",
                RelativePath = Rows.Text(row, nameof(FtpSyncAction.RelativePath)) ?? "",
                LocalPath = local,
                RemotePath = remote,
                Server = Rows.Text(row, nameof(FtpSyncAction.Server)),
                UserName = Rows.Text(row, nameof(FtpSyncAction.UserName)),
                LocalType = Rows.Value<FtpItemType>(row, nameof(FtpSyncAction.LocalType)),
                LocalLength = Rows.Value<long>(row, nameof(FtpSyncAction.LocalLength)),
                LocalTimeUtc = Time(row, nameof(FtpSyncAction.LocalTicks), TimeSpan.TicksPerSecond) ?? Rows.Utc(row, nameof(FtpSyncAction.LocalTimeUtc)),
                LocalTicks = Rows.Value<long>(row, nameof(FtpSyncAction.LocalTicks)),
                LocalHash = Rows.Text(row, nameof(FtpSyncAction.LocalHash)),
                RemoteType = Rows.Value<FtpItemType>(row, nameof(FtpSyncAction.RemoteType)),
                RemoteLength = Rows.Value<long>(row, nameof(FtpSyncAction.RemoteLength)),
                RemoteTimeUtc = Time(row, nameof(FtpSyncAction.RemoteTicks), 1) ?? Rows.Utc(row, nameof(FtpSyncAction.RemoteTimeUtc)),
                RemoteTicks = Rows.Value<long>(row, nameof(FtpSyncAction.RemoteTicks)),
                RemoteTimePrecision = Rows.Value<FtpTimePrecision>(row, nameof(FtpSyncAction.RemoteTimePrecision)) ?? FtpTimePrecision.None,
                RemoteHash = Rows.Text(row, nameof(FtpSyncAction.RemoteHash)),
                HashAlgorithm = Rows.Text(row, nameof(FtpSyncAction.HashAlgorithm)),
                TargetCount = Rows.Value<int>(row, nameof(FtpSyncAction.TargetCount)),
                Shard = Rows.Value<int>(row, nameof(FtpSyncAction.Shard)) ?? 0,
                MaxConnection = Rows.Value<int>(row, nameof(FtpSyncAction.MaxConnection)) ?? 0,
                RateLimit = Rows.Value<long>(row, nameof(FtpSyncAction.RateLimit)) ?? 0,
                Id = Rows.Text(row, nameof(FtpSyncAction.Id))!,
            }
            : null;

    // A number is read alike everywhere.
    private static DateTime? Time(PSObject row, string property, long unit) =>
        Rows.Value<long>(row, property) is { } ticks and >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTime(ticks - (ticks % unit), DateTimeKind.Utc) : null;
}

/// <summary>
/// Makes profiles of rows that Export-Clixml wrote, or that came of another process, and of names, which are looked up when their
/// file is known. A conversion and no transformation of an argument: what comes down the pipeline is converted only where no
/// parameter takes it as it is, and a text there is a computer.
/// </summary>
public sealed class FtpProfileConverter : RowConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => Name(sourceValue) is not null || base.CanConvertFrom(sourceValue, destinationType);

    /// <inheritdoc/>
    public override bool CanConvertFrom(PSObject sourceValue, Type destinationType) => Name(sourceValue) is not null || base.CanConvertFrom(sourceValue, destinationType);

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        Name(sourceValue) is { } name ? new FtpProfile(name) : base.ConvertFrom(sourceValue, destinationType, formatProvider, ignoreCase);

    private protected override object? Read(PSObject row)
    {
        if (Rows.Text(row, nameof(FtpProfile.Name)) is not { } name || Rows.Text(row, nameof(FtpProfile.ProfilePath)) is not { } path)
            return null;
        var settings = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in FtpProfile.SettingNames)
        {
            var value = row.Properties[setting]?.Value;
            if ((value is PSObject wrapped ? wrapped.BaseObject : value) is (int or bool or string { Length: > 0 }) and var plain)
                settings.Add(setting, plain);
        }
        return new FtpProfile(name, path, settings);
    }

    private static string? Name(object source) => (source is PSObject wrapped ? wrapped.BaseObject : source) is string { Length: > 0 } name ? name : null;
}
