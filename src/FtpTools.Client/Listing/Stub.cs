using System; using System.Text; using System.Collections.Generic;
namespace FtpTools.Listing;
internal enum ListingFormat { Mlsd, List }
internal sealed class ListingContext { public ListingContext(string directory, DateTime utcNow, FtpSession? session, bool nameMayBePath = false) {} }
internal static class MlsxParser { public static bool TryParse(string line, ListingContext c, out FtpItem? item) { item = null; return false; } }
internal sealed class ListingReader { public ListingReader(ListingFormat f, ListingContext c, Encoding e, Action<FtpItem> onItem) {} public void Feed(byte[] b, int n) {} public void Complete() {} public int UnparsedCount => 0; public int ItemCount => 0; public IReadOnlyList<string> UnparsedSamples => []; }
