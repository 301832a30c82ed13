using System.Text;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.DataPlane.Tls;
using Xunit;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class ClientHelloTests
{
    [Theory]
    [InlineData("shop.test", "shop.test")]
    [InlineData("SHOP.Test", "shop.test")]
    [InlineData("shop.test.", "shop.test")]
    public void Name_InAnyForm_IsReadInItsNormalForm(string sent, string expected)
    {
        Assert.Equal(HelloState.Complete, ClientHello.Read(Hellos.Of(sent), out var hello));
        Assert.Equal(expected, hello.ServerName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("shop\0.test")]
    [InlineData("shop.test:443")]
    [InlineData("[::1]")]
    [InlineData(".shop.test")]
    [InlineData("shop..test")]
    [InlineData("shop test")]
    [InlineData("sh\u00f6p.test")]
    [InlineData("shop.test\r\n")]
    public void Name_ThatIsNone_MakesTheHelloMalformed(string sent) => Assert.Equal(HelloState.Malformed, ClientHello.Read(Hellos.Of(sent), out _));

    [Fact]
    public void Hello_WithoutName_IsComplete()
    {
        Assert.Equal(HelloState.Complete, ClientHello.Read(Hellos.Record(Hellos.Message()), out var hello));
        Assert.Null(hello.ServerName);
    }

    [Fact]
    public void Hello_WithTwoNames_IsMalformed()
    {
        var (one, two) = ("a.test"u8.ToArray(), "b.test"u8.ToArray());
        Assert.Equal(HelloState.Malformed, ClientHello.Read(Hellos.Record(Hellos.Message(Hellos.ServerName(one, two))), out _));
        Assert.Equal(HelloState.Malformed, ClientHello.Read(Hellos.Record(Hellos.Message(Hellos.ServerName(one), Hellos.ServerName(two))), out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void Hello_CutOverRecords_IsJoined(int size)
    {
        var bytes = Hellos.Records(Hellos.Message(Hellos.Padding(100), Hellos.ServerName("shop.test"u8.ToArray())), size);
        Assert.Equal(HelloState.Complete, ClientHello.Read(bytes, out var hello));
        Assert.Equal("shop.test", hello.ServerName);
    }

    [Theory]
    [InlineData("h2,http/1.1")]
    [InlineData("acme-tls/1")]
    [InlineData("spdy/3")]
    public void Hello_WithProtocols_ListsThem(string names)
    {
        Assert.Equal(HelloState.Complete, ClientHello.Read(Hellos.Record(Hellos.Message(Hellos.Protocols(names.Split(',')), Hellos.ServerName("shop.test"u8.ToArray()))), out var hello));
        Assert.Equal(names.Split(','), hello.Protocols.Select(protocol => protocol.ToString()));
        Assert.Equal("shop.test", hello.ServerName);
    }

    [Theory]
    [InlineData(new[] { 0x1D, 0x17 }, new[] { 0x1D }, true)]
    [InlineData(new[] { 0x11EC, 0x1D, 0x0100, 0x0104 }, new[] { 0x11EC, 0x1D }, true)]
    [InlineData(new[] { 0x11EC }, new[] { 0x11EC }, true)]
    [InlineData(new int[0], new int[0], true)]
    [InlineData(new[] { 0x0104 }, new int[0], false)]
    [InlineData(new[] { 0x0A0A, 0x0104 }, new[] { 0x0A0A }, false)]
    [InlineData(new[] { 0x1D, 0x0104 }, new[] { 0x0104 }, false)]
    [InlineData(new[] { 0x1D, 0x0104 }, new[] { 0x1D, 0x0104 }, true)]
    [InlineData(new[] { 0x1D, 0x0104 }, new[] { 0x11EC, 0x0104, 0x1D }, false)]
    public void Hello_WithGroups_IsGoodUnlessItCouldComeToAFiniteField(int[] groups, int[] shares, bool isGood)
    {
        Assert.Equal(HelloState.Complete, ClientHello.Read(Hellos.Record(Hellos.Message(Hellos.Tls13, Hellos.Groups(groups), Hellos.Shares(shares))), out var hello));
        Assert.Equal(isGood ? OfferedCiphers.Tls13 : OfferedCiphers.None, hello.Ciphers);
    }

    [Fact]
    public void Hello_WithThousandsOfProtocols_KeepsFew()
    {
        Assert.Equal(HelloState.Complete, ClientHello.Read(Hellos.Record(Hellos.Message(Hellos.Protocols([.. Enumerable.Repeat("x", 7_000)]))), out var hello));
        Assert.Equal(HelloContent.MaxProtocols, hello.Protocols.Count);
    }

    [Theory]
    [InlineData(0x1301, true, nameof(OfferedCiphers.Tls13))]
    [InlineData(0x1301, false, nameof(OfferedCiphers.None))]
    [InlineData(0xC02B, false, nameof(OfferedCiphers.Ecdsa))]
    [InlineData(0xC030, true, nameof(OfferedCiphers.Rsa))]
    [InlineData(0xCCA8, true, nameof(OfferedCiphers.None))]
    [InlineData(0xC023, true, nameof(OfferedCiphers.None))]
    public void Hello_WithACipherSuite_SaysWhetherItIsGood(int suite, bool isTls13, string expected)
    {
        byte[][] extensions = isTls13 ? [Hellos.Tls13] : [];
        var message = Hellos.Message(extensions);
        message[4 + 2 + 32 + 1 + 2] = (byte)(suite >> 8);
        message[4 + 2 + 32 + 1 + 3] = (byte)suite;
        Assert.Equal(HelloState.Complete, ClientHello.Read(Hellos.Record(message), out var hello));
        Assert.Equal(expected, hello.Ciphers.ToString());
    }

    [Fact]
    public void Hello_WithBrokenProtocols_IsMalformed()
    {
        byte[][] broken = [Hellos.Protocols(), Hellos.Protocols(""), Hellos.Protocols("h2", ""), [0, 16, 0, 1, 0], [0, 16, 0, 5, 0, 3, 4, 104, 50], [.. Hellos.Protocols("h2"), .. Hellos.Protocols("h2")]];
        Assert.All(broken, extension => Assert.Equal(HelloState.Malformed, ClientHello.Read(Hellos.Record(Hellos.Message(extension)), out _)));
    }

    [Fact]
    public void Hello_AtEveryLength_IsIncompleteUntilItsEnd()
    {
        var bytes = Hellos.Records(Hellos.Message(Hellos.ServerName("shop.test"u8.ToArray())), 30);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(HelloState.Incomplete, ClientHello.Read(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void Hello_WithAnyByteChanged_NeverThrows()
    {
        var bytes = Hellos.Of("shop.test");
        var random = new Random(7);
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var n = 0; n < 20; n++)
            {
                var changed = (byte[])bytes.Clone();
                changed[i] = (byte)random.Next(256);
                ClientHello.Read(changed, out _);
                ClientHello.Read(changed.AsSpan(0, random.Next(changed.Length)), out _);
            }
        }
    }

    [Fact]
    public void Hello_ThatAnnouncesTooMuch_IsRefusedAtOnce()
    {
        Assert.Equal(HelloState.TooLarge, ClientHello.Read([22, 3, 1, 0x40, 0, 1, 0, 0x40, 1], out _));
        Assert.Equal(HelloState.Complete, ClientHello.Read(Hellos.Records(Hellos.Message(Hellos.Padding(16_000)), 16_000), out _));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0002\u0001\u0000\u0010")]
    [InlineData("\u0016\u0003\u0001\u0000\u0000")]
    [InlineData("\u0016\u0003\u0001\u0000\u0004\u0002\u0000\u0000\u0000")]
    [InlineData("\u0080")]
    public void Bytes_ThatAreNoHello_AreMalformed(string bytes) => Assert.Equal(HelloState.Malformed, ClientHello.Read(Encoding.Latin1.GetBytes(bytes), out _));
}
