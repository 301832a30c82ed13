using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>ConfigMap, of which only authorities are kept. Text that is none can be stored (<see cref="PemText"/> says who asks for more).</summary>
internal static class ConfigMaps
{
    private const string Field = "data";
    private static readonly TextChoice Keys = new("ca.crt");

    public static ConfigMapSpec Read(ObjectReader spec)
    {
        var data = spec.TextMap(Field, Count.AtMost(1), Keys, PemText.Format);
        if (!spec.IsSet(Field))
            spec.Report(ErrorCodes.Required, "Write 'data' with the key 'ca.crt'.", Field);
        return new ConfigMapSpec { Data = data ?? new Dictionary<string, string>() };
    }
}
