using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns.Exchanges;

/// <summary>How an answer's question compares to ours.</summary>
internal enum Echo
{
    /// <summary>Another id or question: not for us, or forged.</summary>
    Other,

    /// <summary>Ours, in another case: a server that folds case, or a forger who could not see the case that we chose.</summary>
    Folded,

    /// <summary>Ours, letter by letter.</summary>
    Exact,
}

/// <summary>Makes a question hard to answer for those who cannot see it: a random id, and letters in random case ("0x20").</summary>
internal sealed class QuestionGuard
{
    private const int HeaderLength = 12;

    private readonly byte[] _request;
    private readonly int _questionLength;

    public QuestionGuard(string name, DnsRecordType type, bool withEdns, bool checkingDisabled)
    {
        _request = MessageWriter.Question(RandomCase(name), type, withEdns, checkingDisabled);
        RandomNumberGenerator.Fill(_request.AsSpan(0, 2));
        _questionLength = NameText.Encode(name)!.Length + 4;
    }

    public ReadOnlyMemory<byte> Request => _request;

    /// <summary>Compares an answer's id and question; servers that cannot read a question may return none.</summary>
    public Echo Compare(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < HeaderLength || !answer[..2].SequenceEqual(_request.AsSpan(0, 2)) || (answer[2] & 0x80) == 0)
            return Echo.Other;
        var (questions, code) = (BinaryPrimitives.ReadUInt16BigEndian(answer[4..]), answer[3] & 0xF);
        if (questions == 0)
            return code is ResponseCodes.FormatError or ResponseCodes.NotImplemented ? Echo.Exact : Echo.Other;
        if (questions != 1 || answer.Length < HeaderLength + _questionLength)
            return Echo.Other;
        var theirs = answer.Slice(HeaderLength, _questionLength);
        ReadOnlySpan<byte> ours = _request.AsSpan(HeaderLength, _questionLength);
        return theirs.SequenceEqual(ours) ? Echo.Exact
            : Ascii.EqualsIgnoreCase(theirs[..^4], ours[..^4]) && theirs[^4..].SequenceEqual(ours[^4..]) ? Echo.Folded
            : Echo.Other;
    }

    // Escapes (\DDD) are digits, so only letters change.
    private static string RandomCase(string name) => string.Create(name.Length, name, static (text, name) =>
    {
        Span<byte> coins = stackalloc byte[text.Length];
        RandomNumberGenerator.Fill(coins);
        for (var i = 0; i < text.Length; i++)
            text[i] = (coins[i] & 1) == 0 ? char.ToUpperInvariant(name[i]) : name[i];
    });
}
