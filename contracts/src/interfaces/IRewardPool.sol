// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAccessRequests} from "./IAccessRequests.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {ICustodianCommittee} from "./ICustodianCommittee.sol";
import {IGranaryDomain} from "./IGranaryDomain.sol";

/// @notice What a settlement takes from one request's escrow.
struct Spending {
    bytes32 request;
    uint256 amount;
}

/// @notice Receipts turned into rewards. Signed by t custodians of the current epoch.
struct Settlement {
    /// Counted from 1, without gaps.
    uint256 number;
    uint32 epoch;
    /// The root of the tree of (account, total ever earned); zero while nobody has earned anything.
    bytes32 root;
    /// What was settled ever, this settlement included.
    uint256 total;
    /// The digest in the CID of the settlement document.
    bytes32 document;
    /// The previous settlement's document; zero for the first.
    bytes32 previousDocument;
    Spending[] spending;
    /// Requests of which no more uses will follow.
    bytes32[] finals;
}

/// @notice What the chain keeps of a settlement.
struct Settled {
    bytes32 root;
    /// What was settled ever, this settlement included.
    uint256 total;
    bytes32 document;
    /// Which of all settlements ever taken it is, counted from 1; a number taken again after a voiding has another.
    uint64 sequence;
    /// The block time from which its root can be claimed against and its finals allow refunds.
    uint40 effectiveFrom;
}

/// @title IRewardPool
/// @notice Settlements and claims. One root a settlement, whatever the number of owners.
/// @dev The tree is the standard one of `@openzeppelin/merkle-tree` with leaves (address account, uint256 total).
/// Treasury and custodians are accounts in it like any other. Always true: claimed <= settled <= escrowed.
/// A settlement takes effect `claimDelay` seconds after it was taken. Until then the guardian may void it, with all that
/// came after it, at a cost that does not depend on how many those are or what they hold; what a voided one had taken is
/// given back to its requests by anyone, settlement by settlement. The delay is fixed at deployment.
/// Without the guardian it does not protect from t custodians who settle falsely: the contract checks sums and
/// signatures, not receipts.
interface IRewardPool is ICommonErrors, IGranaryDomain {
    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice Settlements follow each other without gaps.
    error NumberInvalid(uint256 number, uint256 expected);

    /// @notice Only the current epoch settles.
    error EpochNotCurrent(uint32 epoch, uint32 current);

    /// @notice The settlement does not link to the last one.
    error PreviousDocumentInvalid(bytes32 previousDocument, bytes32 expected);

    /// @notice The total did not grow by exactly what is spent.
    error TotalInvalid(uint256 total, uint256 expected);

    /// @notice A settlement without document, or without root though something was earned.
    error DocumentMissing();

    /// @notice Fewer than t signatures.
    error SignaturesTooFew(uint256 signatures, uint256 threshold);

    /// @notice Signatures come in ascending order of their signers' addresses, each signer once.
    error SignersNotAscending(address previous, address signer);

    /// @notice Signed by somebody who is not a custodian of the epoch, or for something else.
    error SignerNotMember(address signer);

    /// @notice What the escrows paid is not what the settlement says.
    error SpendingMismatch(uint256 paid, uint256 expected);

    /// @notice This very settlement was taken before. After a voiding the same facts are settled by another document.
    error SettlementRepeated(bytes32 settlement);

    /// @notice No settlement has this number.
    error SettlementUnknown(uint256 number);

    /// @notice Its delay is over: nobody can void it any more.
    error SettlementEffective(uint256 number, uint256 effectiveFrom);

    /// @notice The settlement was never taken, or stands, or was given back before.
    error NothingToGiveBack(bytes32 settlement);

    /// @notice Only the guardian voids.
    error NotGuardian(address sender);

    /// @notice The delay must be shorter than the shortest window, or what is voided could not be settled again.
    error ClaimDelayTooLong(uint256 claimDelay, uint256 window);

    /// @notice Not a leaf of the tree that is in effect.
    error ProofInvalid(address account, uint256 total);

    /// @notice Everything up to this total was claimed before.
    error NothingToClaim(address account, uint256 total);

    /// @notice The tree promises more than was settled.
    error SettledExceeded(uint256 claimed, uint256 settled);

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice A settlement was taken.
    event SettlementTaken(
        uint256 indexed number,
        uint32 indexed epoch,
        bytes32 root,
        uint256 total,
        bytes32 document,
        uint64 sequence,
        uint40 effectiveFrom
    );

    /// @notice The guardian voided the settlements `from` to `to`.
    event SettlementsVoided(uint256 indexed from, uint256 indexed to);

    /// @notice What a voided settlement had taken went back.
    event SettlementReturned(uint256 indexed number, uint64 sequence, uint256 amount);

    /// @notice There is another guardian, or none (zero).
    event GuardianChanged(address guardian);

    /// @notice An account was paid `amount`, which makes `total` ever.
    event Claimed(address indexed account, uint256 amount, uint256 total);

    /// @notice The treasury's account for uses to come changed.
    event TreasuryChanged(address treasury);

    // ---------------------------------------------------------------------------------------------------- functions

    /// @notice Takes a settlement: moves what it spends here; its root takes effect after the delay. Anyone may send it.
    /// @dev Custodians sign with ordinary accounts: ECDSA only, since a signature has to name its signer. One settlement
    /// is taken once: after a voiding the same signatures are worth nothing.
    /// @param signatures Of at least t distinct members of the current epoch, ascending by the signer's address.
    function settle(Settlement calldata settlement, bytes[] calldata signatures) external;

    /// @notice Voids the settlement of this number and all after it. Guardian only, before its delay is over.
    /// @dev At once: the settlements are gone, and requests that they marked final are open again. What they had taken
    /// stays here until `giveBack`.
    function voidFrom(uint256 number) external;

    /// @notice Gives back to its requests what a voided settlement had taken. Anyone may send it.
    /// @param settlement As it was taken, to the byte.
    function giveBack(Settlement calldata settlement) external;

    /// @notice Pays an account the difference between `total` and what it claimed before. Anyone may send it; the money
    /// always goes to the account.
    /// @param total Ever earned, by the tree of the last settlement in effect.
    /// @param proof From `@openzeppelin/merkle-tree`; empty if the tree has one leaf.
    /// @return amount What was paid.
    function claim(address account, uint256 total, bytes32[] calldata proof) external returns (uint256 amount);

    /// @notice Changes the account that settlements to come credit with the treasury's part. Owner only.
    function setTreasury(address treasury) external;

    /// @notice Changes who may void; zero for nobody. Owner only.
    function setGuardian(address guardian) external;

    /// @notice What an account has claimed ever.
    function claimed(address account) external view returns (uint256);

    /// @notice The last settlement's number, 0 if there was none. Settlements within their delay count.
    function settlements() external view returns (uint256);

    /// @notice One settlement that stands. All zero if there is none of this number.
    function settled(uint256 number) external view returns (Settled memory);

    /// @notice The last settlement in effect, 0 if there is none: claims are against its root.
    function inEffect() external view returns (uint256 number);

    /// @notice From when on a settlement is in effect; the end of time if it was voided or never taken.
    function effectiveFrom(uint64 number, uint64 sequence) external view returns (uint256);

    /// @notice The root of the last settlement, in effect or not.
    function root() external view returns (bytes32);

    /// @notice What was settled ever, settlements within their delay included.
    function total() external view returns (uint256);

    /// @notice What was claimed ever.
    function totalClaimed() external view returns (uint256);

    /// @notice The last settlement's document.
    function document() external view returns (bytes32);

    /// @notice How often the guardian has voided. Documents name it, so that none is signed for the same facts twice.
    function voidings() external view returns (uint64);

    /// @notice The account of the treasury.
    function treasury() external view returns (address);

    /// @notice Who may void a settlement during its delay; zero if nobody.
    function guardian() external view returns (address);

    /// @notice For how many seconds a settlement is pending.
    function claimDelay() external view returns (uint40);

    /// @notice Owners get at least this part of each use, in 1/10,000.
    function OWNERS_MINIMUM_BPS() external view returns (uint256);

    /// @notice The token of rewards.
    function token() external view returns (IERC20);

    /// @notice Where the escrows are.
    function requests() external view returns (IAccessRequests);

    /// @notice Where the custodians are.
    function committee() external view returns (ICustodianCommittee);
}
