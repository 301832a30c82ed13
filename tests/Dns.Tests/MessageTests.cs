using System.Text;
using Gatehouse.Dns.Messages;
using Gatehouse.Testing.Dns;
using Xunit;

namespace Gatehouse.Dns.Tests;

/// <summary>Reading bytes that may be anything.</summary>
public sealed class MessageTests
{
    private const int Seed = 8_020;

    [Fact]
    public void Read_OfRandomBytes_ThrowsOnlyTheDeclaredException()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            TryRead(bytes);
        }
    }

    [Fact]
    public void Read_OfMutatedMessages_ThrowsOnlyTheDeclaredException()
    {
        var random = new Random(Seed);
        var (read, refused) = (0, 0);
        foreach (var whole in RealMessages())
        {
            Assert.True(TryRead(whole));
            for (var i = 0; i < 20_000; i++)
            {
                var bytes = (byte[])whole.Clone();
                for (var flips = random.Next(1, 6); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)(0xC0 | random.Next(4)) : (byte)random.Next(256);
                if (TryRead(random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes))
                    read++;
                else
                    refused++;
            }
        }
        Assert.True(read > 1_000 && refused > 1_000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Read_OfALongChainOfPointers_IsRefused()
    {
        // The chain is the data of a record that nobody looks into; another record's name leads to its end.
        static byte[] Message(int pointers)
        {
            const int start = 12 + 11;
            var chain = Enumerable.Range(0, pointers - 1).SelectMany(i => (byte[])[0xC0, (byte)(i == 0 ? 12 : start + (2 * (i - 1)))]).ToArray();
            return [0, 1, 0x80, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 99, 0, 1, 0, 0, 0, 0, 0, (byte)chain.Length, .. chain, 0xC0, (byte)(start + chain.Length - 2), 0, 99, 0, 1, 0, 0, 0, 0, 0, 0];
        }

        Assert.Equal(2, MessageReader.Read(Message(64)).Answers.Count);
        Assert.Throws<DnsFormatException>(() => { MessageReader.Read(Message(65)); });
    }

    [Fact]
    public void Read_OfMoreRecordsThanAnybodyNeeds_IsRefused()
    {
        byte[] record = [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1];
        static byte[] Head(int count) => [0, 1, 0x80, 0, 0, 0, (byte)(count >> 8), (byte)count, 0, 0, 0, 0];

        Assert.Equal(1_000, MessageReader.Read((byte[])[.. Head(1_000), .. Enumerable.Repeat(record, 1_000).SelectMany(bytes => bytes)]).Answers.Count);
        Assert.Throws<DnsFormatException>(() => { MessageReader.Read((byte[])[.. Head(1_001), .. Enumerable.Repeat(record, 1_001).SelectMany(bytes => bytes)]); });
    }

    [Theory]
    [InlineData("C00C")] // to itself
    [InlineData("C00E")] // forwards
    [InlineData("0161C00C")] // back to the label before the pointer
    [InlineData("C100")] // behind the end
    public void Read_OfAPointerThatLeadsNowhere_IsRefused(string name) => AssertRefused([.. Convert.FromHexString(name), 0, 1, 0, 1]);

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x80)]
    public void Read_OfALabelOfAnUnknownKind_IsRefused(byte length) => AssertRefused([length, .. Enumerable.Repeat((byte)'a', length), 0, 0, 1, 0, 1]);

    [Theory]
    [InlineData("")]
    [InlineData("C0")]
    [InlineData("3F61")]
    [InlineData("0161")]
    [InlineData("01610000")]
    public void Read_OfACutQuestion_IsRefused(string question) => AssertRefused(Convert.FromHexString(question));

    [Fact]
    public void Read_OfALongName_IsRefusedBeyond255Bytes()
    {
        static byte[] Question(int last) =>
            [0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. Enumerable.Repeat((byte[])[63, .. Encoding.ASCII.GetBytes(new string('a', 63))], 3).SelectMany(label => label), (byte)last, .. Encoding.ASCII.GetBytes(new string('a', last)), 0, 0, 1, 0, 1];

        Assert.Equal(253, Assert.Single(MessageReader.Read(Question(61)).Questions).Name.Length);
        Assert.Throws<DnsFormatException>(() => { MessageReader.Read(Question(62)); });
    }

    [Theory]
    [InlineData("shop.example.com", "shop.example.com")]
    [InlineData("SHOP.Example.COM.", "shop.example.com")]
    [InlineData(@"a\046b.example.com", @"a\046b.example.com")]
    [InlineData(@"\000\255.com", @"\000\255.com")]
    [InlineData(@"\097.com", "a.com")]
    [InlineData(".", ".")]
    public void Name_BetweenTextAndBytes_KeepsItsMeaning(string text, string canonical) => Assert.Equal(canonical, NameText.Canonical(text));

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData(@"\256.com")]
    [InlineData(@"\4.com")]
    [InlineData("münchen.de")]
    [InlineData("a\u0000.de")]
    public void Name_ThatIsNone_HasNoBytes(string text) => Assert.Null(NameText.Encode(text));

    [Fact]
    public void Read_OfExtendedErrors_ListsThem()
    {
        byte[] options = [0, 15, 0, 5, 0, 22, (byte)'w', (byte)'h', (byte)'y', 0, 10, 0, 1, 9, 0, 15, 0, 2, 0, 6];
        byte[] bytes = [0, 1, 0x80, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 41, 4, 208, 1, 0, 0, 0, 0, (byte)options.Length, .. options];

        var message = MessageReader.Read(bytes);

        Assert.Equal([22, 6], message.ExtendedErrors);
        Assert.Equal(18, message.ResponseCode);
    }

    private static IEnumerable<byte[]> RealMessages()
    {
        var question = ScriptedQuestion.Read(MessageWriter.Question("www.Example.com", DnsRecordType.A, withEdns: true, checkingDisabled: false), isTcp: false, 0);
        byte[] pointer = [0xC0, 12];
        byte[] Compressed(int type, params byte[] data) => [.. pointer, 0, (byte)type, 0, 1, 0, 0, 1, 0, 0, (byte)data.Length, .. data];
        yield return question.Answer(answers: [
            Compressed(5, 1, (byte)'a', 0xC0, 16),
            Compressed(1, 192, 0, 2, 1),
            Compressed(28, [.. Enumerable.Range(0, 16).Select(i => (byte)i)]),
            Compressed(6, [0xC0, 16, 1, (byte)'h', 0xC0, 16, .. new byte[20]]),
            Compressed(16, 3, 1, 2, 3, 0, 2, 65, 66),
            [.. pointer, 1, 1, 0, 1, 0, 0, 1, 0, 0, 9, 128, 5, .. Encoding.ASCII.GetBytes("issue"), 59, 59],
            [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 6, 0, 15, 0, 2, 0, 22],
        ]);
        yield return question.Bytes;
    }

    private static void AssertRefused(byte[] question) =>
        Assert.Throws<DnsFormatException>(() => { MessageReader.Read((byte[])[0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. question]); });

    private static bool TryRead(byte[] bytes)
    {
        try
        {
            MessageReader.Read(bytes);
            return true;
        }
        catch (DnsFormatException)
        {
            return false;
        }
    }
}
