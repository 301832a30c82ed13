namespace Gatehouse.Portal.Conditions;

/// <summary>Conditions in words: Gateway API's own names stay visible, a sentence says what each means.</summary>
internal static class ConditionNames
{
    public static string Short(string type) => type switch
    {
        "ResolvedRefs" => "Resolved",
        "CertificateReady" => "Certificate",
        _ => type,
    };

    public static string? Meaning(string type) => type switch
    {
        "Verified" => "The name is proven to be yours.",
        "Accepted" => "The object is valid and something serves it.",
        "ResolvedRefs" => "Everything that it refers to exists and may be used.",
        "Programmed" => "All gateways have taken up the newest change.",
        "Projected" => "It is in its clusters as it should be.",
        "Live" => "It serves requests.",
        "Healthy" => "At least one endpoint answers.",
        "Issued" => "The certificate and its key are there, and it is valid now.",
        "CertificateReady" => "HTTPS has a certificate.",
        "ExpiresSoon" => "The certificate ends soon: the message says what to do.",
        "Shadowed" => "Some matches can never win.",
        "NoWeight" => "The weights of a rule are all 0.",
        "PartiallyInvalid" => "Some rules cannot work; the others do.",
        _ => null,
    };
}
