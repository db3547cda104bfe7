namespace FtpTools.Trees;

/// <summary>What a file was on both sides when both were alike.</summary>
/// <param name="Here">What it was here.</param>
/// <param name="There">What it was on the server.</param>
internal sealed record SyncRecord(SyncFacts Here, SyncFacts There)
{
    /// <summary>Which sides have changed since; null when that cannot be told of both.</summary>
    public (bool Here, bool There)? Changes(SyncFacts here, SyncFacts there) =>
        here.HasChangedSince(Here) is { } isOther && there.HasChangedSince(There) is { } isOtherThere ? (isOther, isOtherThere) : null;
}
