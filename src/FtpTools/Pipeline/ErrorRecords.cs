using System;
using System.IO;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>Makes PowerShell's error records of the engine's failures.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of a failure.</summary>
    /// <param name="error">The failure, whose message is complete already.</param>
    /// <param name="target">What it is about when the failure itself names no remote path.</param>
    public static ErrorRecord From(FtpException error, object? target = null)
    {
        var record = new ErrorRecord(error, error.ErrorId, Category(error), error.Path ?? target);
        // The target itself is the true name; this is what Windows PowerShell shows of it.
        record.CategoryInfo.TargetName = FtpVisibleText.Of(record.CategoryInfo.TargetName);
        return record;
    }

    private static ErrorCategory Category(FtpException error) => error.Kind switch
    {
        FtpErrorKind.HostUnreachable => ErrorCategory.ConnectionError,
        FtpErrorKind.Timeout => ErrorCategory.OperationTimeout,
        FtpErrorKind.TlsFailed => ErrorCategory.SecurityError,
        FtpErrorKind.CertificateRejected => ErrorCategory.SecurityError,
        FtpErrorKind.LoginFailed => ErrorCategory.AuthenticationError,
        FtpErrorKind.DataConnectionFailed => ErrorCategory.ConnectionError,
        FtpErrorKind.PathNotFound => ErrorCategory.ObjectNotFound,
        FtpErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        FtpErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        FtpErrorKind.DiskFull => ErrorCategory.ResourceUnavailable,
        FtpErrorKind.CommandNotSupported => ErrorCategory.NotImplemented,
        FtpErrorKind.CommandRefused => ErrorCategory.InvalidOperation,
        FtpErrorKind.ConnectionLost => ErrorCategory.ConnectionError,
        FtpErrorKind.TransferIncomplete => ErrorCategory.InvalidResult,
        FtpErrorKind.VerificationFailed => ErrorCategory.InvalidResult,
        FtpErrorKind.ListingUnparsed => ErrorCategory.ParserError,
        FtpErrorKind.NoSession => ErrorCategory.ObjectNotFound,
        FtpErrorKind.SessionClosed => ErrorCategory.ResourceUnavailable,
        FtpErrorKind.InvalidName => ErrorCategory.InvalidArgument,
        FtpErrorKind.LocalFileError => LocalCategory(error.InnerException),
        FtpErrorKind.WrongServer => ErrorCategory.InvalidArgument,
        FtpErrorKind.PlanOutdated => ErrorCategory.InvalidData,
        FtpErrorKind.TooManyDeletes => ErrorCategory.LimitsExceeded,
        FtpErrorKind.Cancelled => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };

    private static ErrorCategory LocalCategory(Exception? cause) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException or ItemNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        System.Management.Automation.DriveNotFoundException => ErrorCategory.ObjectNotFound,
        ArgumentException => ErrorCategory.InvalidArgument,
        _ => ErrorCategory.OpenError,
    };
}
