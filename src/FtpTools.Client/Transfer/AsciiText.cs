using System;

namespace FtpTools.Transfer;

/// <summary>
/// The line ends of the ASCII type: CR LF on the wire (RFC 959, 3.1.1.1), the platform's own in the local file. A pair
/// may be split over two buffers. A lone CR is not a line end on any platform we run on, and stays as it is.
/// </summary>
internal static class AsciiText
{
    /// <summary>Makes every line end CR LF: an LF without a CR before it gets one.</summary>
    /// <param name="produce">Fills a buffer with the local text and returns the count of bytes, 0 at the end.</param>
    public static Func<byte[], int> ToWire(Func<byte[], int> produce)
    {
        byte[]? local = null;
        byte last = 0;
        return wire =>
        {
            // Each byte becomes two at the most.
            local ??= new byte[wire.Length / 2];
            var count = produce(local);
            var length = 0;
            for (var i = 0; i < count; i++)
            {
                if (local[i] == (byte)'\n' && last != (byte)'\r')
                    wire[length++] = (byte)'\r';
                wire[length++] = last = local[i];
            }

            return length;
        };
    }

    /// <summary>Makes every CR LF the platform's line end.</summary>
    /// <param name="consume">Takes a buffer of local text and the count of bytes in it.</param>
    /// <param name="keepCarriageReturn">True on Windows, whose line end is that of the wire.</param>
    public static Decoder FromWire(Action<byte[], int> consume, bool keepCarriageReturn) => new(consume, keepCarriageReturn);

    /// <summary>The receiving side, with the CR that may be the first half of a pair.</summary>
    public sealed class Decoder(Action<byte[], int> consume, bool keepCarriageReturn)
    {
        private byte[] _local = [];
        private bool _heldCarriageReturn;

        /// <summary>Takes bytes from the wire.</summary>
        public void Feed(byte[] wire, int count)
        {
            if (keepCarriageReturn)
            {
                consume(wire, count);
                return;
            }

            if (_local.Length < count + 1)
                _local = new byte[wire.Length + 1];
            var length = 0;
            for (var i = 0; i < count; i++)
            {
                if (_heldCarriageReturn && wire[i] != (byte)'\n')
                    _local[length++] = (byte)'\r';
                _heldCarriageReturn = wire[i] == (byte)'\r';
                if (!_heldCarriageReturn)
                    _local[length++] = wire[i];
            }

            if (length > 0)
                consume(_local, length);
        }

        /// <summary>Ends the text: a CR at its very end is no half of a pair.</summary>
        public void Complete()
        {
            if (_heldCarriageReturn)
                consume([(byte)'\r'], 1);
            _heldCarriageReturn = false;
        }
    }
}
